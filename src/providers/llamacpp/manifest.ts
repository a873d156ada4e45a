import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md */
export const llamacpp = defineProvider({
  name: "llamacpp",
  title: "llama.cpp",
  docs: "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",
  baseUrl: "http://127.0.0.1:8080/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // Reasoning comes in "reasoning_content" and is read from there; templates take enable_thinking.
    // `top_k`: https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: { ...OPEN_MODELS, topK: true, reasoning: "chat_template_kwargs", reasoningField: "reasoning_content" },
    },
    { dialect: "openai-responses", operations: ["chat"] },
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
