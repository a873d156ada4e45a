import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.nscale.com/api-reference/introduction */
export const nscale = defineProvider({
  name: "nscale",
  title: "Nscale",
  docs: "https://docs.nscale.com/api-reference/introduction",
  baseUrl: "https://inference.api.nscale.com/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS }],
  forwardHeaders: [],
  keyVariables: ["NSCALE_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
