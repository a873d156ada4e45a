import { modelsMatch, type Family } from "./endpoint.ts";
import { methodMatch } from "./gemini.ts";
import { videosMatch } from "./videos.ts";

/** OpenAI's API, and the paths of Anthropic's that do not collide with it: both SDKs work with `/v1`. */
export const openaiFamily: Family = {
  prefixes: ["/v1", "/openai/v1", "/openai"],
  posts: {
    "/chat/completions": { operation: "chat", dialect: "openai-chat" },
    "/responses": { operation: "responses", dialect: "openai-responses" },
    "/responses/input_tokens": { operation: "count_tokens", dialect: "openai-responses" },
    "/messages": { operation: "chat", dialect: "anthropic-messages" },
    "/messages/count_tokens": { operation: "count_tokens", dialect: "anthropic-messages" },
    "/embeddings": { operation: "embeddings", dialect: "openai" },
    "/images/generations": { operation: "image", dialect: "openai" },
    "/images/edits": { operation: "image_edit", dialect: "openai" },
    "/images/variations": { operation: "image_variation", dialect: "openai" },
    "/audio/speech": { operation: "speech", dialect: "openai" },
    "/audio/transcriptions": { operation: "transcription", dialect: "openai" },
    "/audio/translations": { operation: "translation", dialect: "openai" },
    "/ocr": { operation: "ocr", dialect: "mistral" },
    "/videos": { operation: "video", dialect: "openai" },
  },
  match: (method, path, { headers }) =>
    methodMatch(method, path) ??
    videosMatch(method, path) ??
    modelsMatch(method, path, headers.has("anthropic-version") ? "anthropic-messages" : "openai-chat"),
};

/** OpenRouter's API, as far as it is OpenAI's and Anthropic's: https://openrouter.ai/docs/api-reference/overview */
export const openrouterFamily: Family = {
  ...openaiFamily,
  prefixes: ["/openrouter/api/v1", "/openrouter/v1", "/openrouter"],
};
