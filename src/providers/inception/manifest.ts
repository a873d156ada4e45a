import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.inceptionlabs.ai/get-started/get-started */
export const inception = defineProvider({
  name: "inception",
  title: "Inception Labs",
  docs: "https://docs.inceptionlabs.ai/get-started/get-started",
  baseUrl: "https://api.inceptionlabs.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS }],
  forwardHeaders: [],
  keyVariables: ["INCEPTION_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
