import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider, type BodyQuirks } from "../../canonical/provider.ts";

/** As the typings of its SDK have it: https://docs.together.ai/reference/post-images-generations */
const IMAGE_BODY: BodyQuirks = {
  size: "width_height",
  values: { response_format: { b64_json: "base64" } },
  remove: ["background", "moderation", "output_compression", "partial_images", "quality", "stream", "style", "user"],
};

/** https://docs.together.ai/reference/chat-completions-1 */
export const together = defineProvider({
  name: "together",
  title: "Together AI",
  docs: "https://docs.together.ai/reference/chat-completions-1",
  baseUrl: "https://api.together.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // Only max_tokens: the typings of the vendor's SDK. Efforts: https://docs.together.ai/docs/inference/chat/reasoning
    // `top_k`: https://docs.together.ai/reference/chat-completions-1
    {
      dialect: "openai-chat",
      operations: ["chat"],
      body: { rename: { max_completion_tokens: "max_tokens" } },
      flags: { ...OPEN_MODELS, topK: true },
    },
    { dialect: "openai", operations: ["embeddings"] },
    { dialect: "openai", operations: ["image"], body: IMAGE_BODY },
    // With one image at the path of the others: https://docs.together.ai/docs/images-overview
    {
      dialect: "openai",
      operations: ["image_edit"],
      neverRelayed: true,
      paths: { whole: "/images/generations" },
      body: IMAGE_BODY,
      flags: { editImages: "image_url" },
    },
    // https://docs.together.ai/reference/audio-speech
    {
      dialect: "openai",
      operations: ["speech"],
      body: { values: { response_format: { pcm: "raw" } }, remove: ["instructions", "speed", "stream_format"] },
    },
    // https://docs.together.ai/reference/audio-transcriptions
    { dialect: "openai", operations: ["transcription", "translation"] },
    // As the typings of its SDK have it.
    { dialect: "jina", operations: ["rerank"] },
  ],
  aliases: ["together-ai", "togetherai", "together_ai"],
  forwardHeaders: [],
  keyVariables: ["TOGETHER_API_KEY", "TOGETHER_AI_API_KEY", "TOGETHERAI_API_KEY"],
  models: { path: "/models", id: "id" },
});
