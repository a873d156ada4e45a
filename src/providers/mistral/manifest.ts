import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.mistral.ai/api */
export const mistral = defineProvider({
  name: "mistral",
  title: "Mistral AI",
  docs: "https://docs.mistral.ai/api",
  baseUrl: "https://api.mistral.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // Fields that are not in its schema are refused with 422 (https://docs.mistral.ai/api, the typings of its SDK).
    // Streams always bring usage: stream_options is left out without a word.
    {
      dialect: "openai-chat",
      operations: ["chat"],
      body: {
        rename: { max_completion_tokens: "max_tokens", seed: "random_seed" },
        omit: ["stream_options"],
        remove: [
          "logit_bias",
          "logprobs",
          "top_logprobs",
          "store",
          "user",
          "safety_identifier",
          "modalities",
          "audio",
          "verbosity",
          "service_tier",
          "web_search_options",
          "prompt_cache_retention",
          "prompt_cache_options",
          "top_k",
        ],
      },
      // Reasoning: thinking parts of the content (https://docs.mistral.ai/capabilities/reasoning). Documents:
      // https://docs.mistral.ai/capabilities/document_ai/document_qna
      flags: {
        legacyMaxTokens: true,
        noDeveloperRole: true,
        noCustomTools: true,
        refusesDeveloperRole: true,
        noStreamOptions: true,
        streamsWholeCalls: true,
        shortCallIds: true,
        documents: "document_url",
        efforts: ["none", "minimal", "low", "medium", "high", "xhigh"],
      },
    },
    // Fill-in-the-middle, whose answers are those of a chat: https://docs.mistral.ai/api/endpoint/fim
    {
      dialect: "openai-completions",
      operations: ["chat"],
      models: ["*codestral*"],
      paths: { whole: "/fim/completions" },
      body: {
        rename: { seed: "random_seed" },
        omit: ["stream_options"],
        remove: ["best_of", "echo", "frequency_penalty", "logit_bias", "logprobs", "n", "presence_penalty", "user"],
      },
      flags: { noStreamOptions: true, answersAsMessage: true },
    },
    // Moderations of texts and of conversations: https://docs.mistral.ai/capabilities/guardrailing
    { dialect: "openai", operations: ["embeddings", "moderation"] },
    // Always JSON: https://docs.mistral.ai/api/endpoint/audio/transcriptions
    {
      dialect: "openai",
      operations: ["transcription"],
      body: { remove: ["response_format", "prompt", "chunking_strategy", "include"] },
    },
    // https://docs.mistral.ai/api/endpoint/ocr
    { dialect: "mistral", operations: ["ocr"] },
  ],
  aliases: ["mistral-ai", "mistralai"],
  forwardHeaders: [],
  keyVariables: ["MISTRAL_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
