import { defineProvider } from "../../canonical/provider.ts";

/** https://platform.openai.com/docs/api-reference/introduction */
export const openai = defineProvider({
  name: "openai",
  title: "OpenAI",
  docs: "https://platform.openai.com/docs/api-reference",
  baseUrl: "https://api.openai.com/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // They know nothing of chat: https://platform.openai.com/docs/models/gpt-3.5-turbo-instruct
    {
      dialect: "openai-completions",
      operations: ["chat"],
      models: ["gpt-3.5-turbo-instruct*", "davinci-002", "babbage-002"],
    },
    // Reasoning models keep their reasoning between turns, and show summaries of it, in Responses only:
    // https://platform.openai.com/docs/guides/reasoning
    {
      dialect: "openai-responses",
      operations: ["chat", "count_tokens"],
      models: ["o1*", "o3*", "o4*", "gpt-5*", "gpt-6*", "codex*"],
    },
    { dialect: "openai-chat", operations: ["chat"] },
    { dialect: "openai-responses", operations: ["chat", "count_tokens"] },
    {
      dialect: "openai",
      operations: [
        "embeddings",
        "image",
        "image_edit",
        "image_variation",
        "moderation",
        "realtime",
        "speech",
        "transcription",
        "translation",
        "video",
        "video_content",
        "video_delete",
        "video_status",
      ],
    },
  ],
  compatibleWires: [{ dialect: "jina", operations: ["rerank"] }],
  vendorOf: ["openai-chat", "openai-completions", "openai-responses"],
  forwardHeaders: ["openai-beta", "openai-organization", "openai-project", "idempotency-key", "x-client-request-id"],
  // https://platform.openai.com/docs/api-reference/responses, /files, /batch
  keeps: ["responses", "files"],
  keyVariables: ["OPENAI_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
