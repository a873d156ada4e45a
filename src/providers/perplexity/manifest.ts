import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.perplexity.ai/api-reference/chat-completions-post */
export const perplexity = defineProvider({
  name: "perplexity",
  title: "Perplexity",
  docs: "https://docs.perplexity.ai/api-reference/chat-completions-post",
  baseUrl: "https://api.perplexity.ai",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // Sonar models; the tokens that are billed apart: https://docs.perplexity.ai/docs/getting-started/pricing. Reasoning
    // models write <think> tags: https://docs.perplexity.ai/docs/sonar/models/sonar-reasoning-pro. Documents:
    // https://docs.perplexity.ai/guides/file-attachments
    {
      dialect: "openai-chat",
      operations: ["chat"],
      models: ["sonar*"],
      body: { rename: { max_completion_tokens: "max_tokens" } },
      flags: {
        legacyMaxTokens: true,
        noDeveloperRole: true,
        noCustomTools: true,
        thinkTags: true,
        efforts: ["minimal", "low", "medium", "high"],
        separateTokens: true,
        documents: "file_url",
      },
    },

    // All others: https://docs.perplexity.ai/docs/agent-api/openai-compatibility
    { dialect: "openai-responses", operations: ["chat"], basePath: "/v1" },
    // https://docs.perplexity.ai/api-reference/embeddings-post
    { dialect: "openai", operations: ["embeddings"], basePath: "/v1" },
  ],
  // https://docs.perplexity.ai/api-reference/chat-completions-post
  statedCost: { path: "cost.total_cost", perUsd: 1 },
  aliases: ["perplexity-ai"],
  forwardHeaders: [],
  keyVariables: ["PERPLEXITY_API_KEY", "PERPLEXITYAI_API_KEY"],
  models: { path: "/v1/models", list: "data", id: "id" },
});
