import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.sglang.io/docs/basic_usage/openai_api_completions */
export const sglang = defineProvider({
  name: "sglang",
  title: "SGLang",
  docs: "https://docs.sglang.io/docs/basic_usage/openai_api_completions",
  baseUrl: "http://127.0.0.1:30000/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // https://docs.sglang.io/docs/advanced_features/separate_reasoning
    // `top_k`: https://docs.sglang.io/docs/basic_usage/sampling_params
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: { ...OPEN_MODELS, topK: true, reasoning: "chat_template_kwargs", reasoningField: "reasoning_content" },
    },
    { dialect: "openai-responses", operations: ["chat"] },
    // https://docs.sglang.io/docs/basic_usage/anthropic_api
    {
      dialect: "anthropic-messages",
      operations: ["chat", "count_tokens"],
      headers: { "anthropic-version": "2023-06-01" },
    },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: [],
  models: { path: "/models", list: "data", id: "id" },
  keyOptional: true,
});
