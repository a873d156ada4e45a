import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider, type BodyQuirks } from "../../canonical/provider.ts";

/** Answers hold `images` at addresses: https://docs.siliconflow.com/en/api-reference/images/images-generations */
const IMAGE_BODY: BodyQuirks = {
  rename: { size: "image_size", n: "batch_size" },
  remove: [
    "background",
    "moderation",
    "output_compression",
    "output_format",
    "partial_images",
    "quality",
    "response_format",
    "stream",
    "style",
    "user",
  ],
};

/** https://docs.siliconflow.com/en/api-reference/chat-completions/chat-completions */
export const siliconflow = defineProvider({
  name: "siliconflow",
  title: "SiliconFlow",
  docs: "https://docs.siliconflow.com/en/api-reference/chat-completions/chat-completions",
  baseUrl: "https://{host}/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // `top_k`: https://docs.siliconflow.cn/en/api-reference/chat-completions/chat-completions
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: { ...OPEN_MODELS, topK: true, reasoning: "enable_thinking" },
    },
    { dialect: "anthropic-messages", operations: ["chat"], headers: { "anthropic-version": "2023-06-01" } },
    { dialect: "openai", operations: ["embeddings"] },
    { dialect: "openai", operations: ["image"], neverRelayed: true, body: IMAGE_BODY },
    {
      dialect: "openai",
      operations: ["image_edit"],
      neverRelayed: true,
      paths: { whole: "/images/generations" },
      body: IMAGE_BODY,
      flags: { editImages: "image" },
    },
    // https://docs.siliconflow.com/en/api-reference/audio/create-speech
    { dialect: "openai", operations: ["speech"], body: { remove: ["instructions", "stream_format"] } },
    // Always JSON, of a file and a model: https://docs.siliconflow.com/en/api-reference/audio/create-audio-transcriptions
    {
      dialect: "openai",
      operations: ["transcription"],
      body: { remove: ["response_format", "prompt", "language", "temperature", "chunking_strategy", "include"] },
    },
    // https://docs.siliconflow.com/en/api-reference/rerank/create-rerank
    { dialect: "jina", operations: ["rerank"], body: { remove: ["rank_fields"] } },
  ],
  aliases: ["silicon-flow"],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["SILICONFLOW_API_KEY"],
  settings: [
    {
      name: "host",
      description: "api.siliconflow.com, or api.siliconflow.cn in China",
      variables: [],
      default: "api.siliconflow.com",
    },
  ],
  models: { path: "/models", list: "data", id: "id" },
});
