import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.avian.io */
export const avian = defineProvider({
  name: "avian",
  title: "Avian",
  docs: "https://docs.avian.io",
  baseUrl: "https://api.avian.io/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS }],
  forwardHeaders: [],
  keyVariables: ["AVIAN_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
