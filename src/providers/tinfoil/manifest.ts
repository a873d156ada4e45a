import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.tinfoil.sh */
export const tinfoil = defineProvider({
  name: "tinfoil",
  title: "Tinfoil",
  docs: "https://docs.tinfoil.sh",
  baseUrl: "https://inference.tinfoil.sh/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS }],
  forwardHeaders: [],
  keyVariables: ["TINFOIL_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
