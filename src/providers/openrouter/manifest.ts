import { defineProvider } from "../../canonical/provider.ts";

/** https://openrouter.ai/docs/api-reference/overview */
export const openrouter = defineProvider({
  name: "openrouter",
  title: "OpenRouter",
  docs: "https://openrouter.ai/docs/api-reference/overview",
  baseUrl: "https://openrouter.ai/api/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // https://openrouter.ai/docs/use-cases/reasoning-tokens; documents by their address: https://openrouter.ai/docs/features/multimodal/pdfs
    // `top_k`: https://openrouter.ai/docs/api-reference/parameters
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: { noDeveloperRole: true, noCustomTools: true, topK: true, reasoning: "reasoning", documents: "file_data" },
    },
    // Beta: https://openrouter.ai/docs/api/reference/responses/overview
    { dialect: "openai-responses", operations: ["chat"] },
    // https://openrouter.ai/docs/api/api-reference/anthropic-messages/create-messages
    { dialect: "anthropic-messages", operations: ["chat"], headers: { "anthropic-version": "2023-06-01" } },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  // In credits, which are dollars: https://openrouter.ai/docs/use-cases/usage-accounting. With a key of one's own at the
  // vendor that one bills, too: https://openrouter.ai/docs/use-cases/byok
  statedCost: {
    path: "cost",
    perUsd: 1,
    beside: { flag: "is_byok", path: "cost_details.upstream_inference_cost" },
  },
  extensions: ["openrouter"],
  forwardHeaders: ["http-referer", "x-title", "x-openrouter-title", "anthropic-version", "anthropic-beta"],
  keyVariables: ["OPENROUTER_API_KEY", "OR_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
