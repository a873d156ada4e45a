import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.cortecs.ai */
export const cortecs = defineProvider({
  name: "cortecs",
  title: "Cortecs",
  docs: "https://docs.cortecs.ai",
  baseUrl: "https://api.cortecs.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS },
    { dialect: "openai-responses", operations: ["chat"] },
    { dialect: "anthropic-messages", operations: ["chat"], headers: { "anthropic-version": "2023-06-01" } },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["CORTECS_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
