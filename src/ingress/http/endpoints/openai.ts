import { modelsMatch, type Family } from "./endpoint.ts";
import { methodMatch } from "./gemini.ts";

/** OpenAI's API, and the paths of Anthropic's that do not collide with it: both SDKs work with `/v1`. */
export const openaiFamily: Family = {
  prefixes: ["/v1", "/openai/v1", "/openai", "/ollama/v1"],
  posts: {
    "/chat/completions": { operation: "chat", dialect: "openai-chat" },
    "/completions": { operation: "chat", dialect: "openai-completions" },
    "/responses": { operation: "responses", dialect: "openai-responses" },
    "/responses/input_tokens": { operation: "count_tokens", dialect: "openai-responses" },
    "/messages": { operation: "chat", dialect: "anthropic-messages" },
    "/messages/count_tokens": { operation: "count_tokens", dialect: "anthropic-messages" },
    "/embeddings": { operation: "embeddings", dialect: "openai" },
  },
  match: (method, path, { headers }) =>
    methodMatch(method, path) ??
    modelsMatch(method, path, headers.has("anthropic-version") ? "anthropic-messages" : "openai-chat"),
};

/** OpenRouter's API, as far as it is OpenAI's and Anthropic's: https://openrouter.ai/docs/api-reference/overview */
export const openrouterFamily: Family = {
  ...openaiFamily,
  prefixes: ["/openrouter/api/v1", "/openrouter/v1", "/openrouter"],
};
