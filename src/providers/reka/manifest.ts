import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.reka.ai/chat/api-reference */
export const reka = defineProvider({
  name: "reka",
  title: "Reka",
  docs: "https://docs.reka.ai/chat/api-reference",
  baseUrl: "https://api.reka.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS }],
  forwardHeaders: [],
  keyVariables: ["REKA_API_KEY"],
});
