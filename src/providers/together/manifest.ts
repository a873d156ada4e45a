import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.together.ai/reference/chat-completions-1 */
export const together = defineProvider({
  name: "together",
  title: "Together AI",
  docs: "https://docs.together.ai/reference/chat-completions-1",
  baseUrl: "https://api.together.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // Only max_tokens: the typings of the vendor's SDK. Efforts: https://docs.together.ai/docs/inference/chat/reasoning
    {
      dialect: "openai-chat",
      operations: ["chat"],
      body: { rename: { max_completion_tokens: "max_tokens" } },
      flags: OPEN_MODELS,
    },
    { dialect: "openai", operations: ["embeddings"] },
    // As the typings of its SDK have it.
    { dialect: "jina", operations: ["rerank"] },
  ],
  aliases: ["together-ai", "togetherai", "together_ai"],
  forwardHeaders: [],
  keyVariables: ["TOGETHER_API_KEY", "TOGETHER_AI_API_KEY", "TOGETHERAI_API_KEY"],
  models: { path: "/models", id: "id" },
});
