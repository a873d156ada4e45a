import { modelsMatch, type Family } from "./endpoint.ts";
import { methodMatch } from "./gemini.ts";

/** OpenAI's API, and the paths of Anthropic's that do not collide with it: both SDKs work with `/v1`. */
export const openaiFamily: Family = {
  prefixes: ["/v1", "/openai/v1", "/openai", "/ollama/v1"],
  posts: {
    "/chat/completions": { operation: "chat", dialect: "openai-chat" },
    "/completions": { operation: "chat", dialect: "openai-completions" },
    "/responses": { operation: "responses", dialect: "openai-responses" },
    "/messages": { operation: "chat", dialect: "anthropic-messages" },
    "/messages/count_tokens": { operation: "count_tokens", dialect: "anthropic-messages" },
    "/embeddings": { operation: "embeddings", dialect: "openai" },
  },
  match: (method, path, { headers }) =>
    methodMatch(method, path) ??
    modelsMatch(method, path, headers.has("anthropic-version") ? "anthropic-messages" : "openai-chat"),
};
