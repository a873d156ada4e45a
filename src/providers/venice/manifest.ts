import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.venice.ai/api-reference/endpoint/chat/completions */
export const venice = defineProvider({
  name: "venice",
  title: "Venice AI",
  docs: "https://docs.venice.ai/api-reference/endpoint/chat/completions",
  baseUrl: "https://api.venice.ai/api/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: [],
  keyVariables: ["VENICE_API_KEY", "VENICE_AI_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
