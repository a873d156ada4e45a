import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.sambanova.ai/docs/en/features/openai-compatibility */
export const sambanova = defineProvider({
  name: "sambanova",
  title: "SambaNova",
  docs: "https://docs.sambanova.ai/docs/en/features/openai-compatibility",
  baseUrl: "https://api.sambanova.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    { dialect: "openai-chat", operations: ["chat"], flags: { ...OPEN_MODELS, reasoning: "chat_template_kwargs" } },
    // https://docs.sambanova.ai/docs/en/features/responses
    { dialect: "openai-responses", operations: ["chat"] },
    // https://docs.sambanova.ai/docs/en/features/anthropic-compatibility
    {
      dialect: "anthropic-messages",
      operations: ["chat", "count_tokens"],
      headers: { "anthropic-version": "2023-06-01" },
    },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["SAMBANOVA_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
