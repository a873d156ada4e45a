import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://novita.ai/docs/guides/llm-api */
export const novita = defineProvider({
  name: "novita",
  title: "Novita AI",
  docs: "https://novita.ai/docs/guides/llm-api",
  baseUrl: "https://api.novita.ai/openai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // `top_k`: https://novita.ai/docs/api-reference/model-apis-llm-create-chat-completion
    { dialect: "openai-chat", operations: ["chat"], flags: { ...OPEN_MODELS, topK: true } },
    // https://novita.ai/docs/guides/llm-anthropic-compatibility
    {
      dialect: "anthropic-messages",
      operations: ["chat"],
      basePath: "/anthropic/v1",
      headers: { "anthropic-version": "2023-06-01" },
    },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  aliases: ["novita-ai"],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["NOVITA_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
