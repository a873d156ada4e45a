import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html */
export const vllm = defineProvider({
  name: "vllm",
  title: "vLLM",
  docs: "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html",
  baseUrl: "http://127.0.0.1:8000/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // Efforts and "reasoning": vllm/entrypoints/openai/chat_completion/protocol.py; the switch in the chat template:
    // https://docs.vllm.ai/en/latest/features/reasoning_outputs.html
    // `top_k`: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html#extra-parameters
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: {
        noDeveloperRole: true,
        noCustomTools: true,
        topK: true,
        thinkTags: true,
        reasoning: "chat_template_kwargs",
        reasoningField: "reasoning",
      },
    },
    { dialect: "openai-responses", operations: ["chat"] },
    // vllm/entrypoints/anthropic/api_router.py
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
