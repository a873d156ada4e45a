import { modelsMatch, type Family } from "./endpoint.ts";
import { methodMatch } from "./gemini.ts";

/** OpenAI's API, and the paths of Anthropic's that do not collide with it: both SDKs work with `/v1`. */
export const openaiFamily: Family = {
  prefixes: ["/v1", "/openai/v1", "/openai"],
  posts: {
    "/chat/completions": { operation: "chat", dialect: "openai-chat" },
    "/responses": { operation: "responses", dialect: "openai-responses" },
    "/messages": { operation: "chat", dialect: "anthropic-messages" },
    "/messages/count_tokens": { operation: "count_tokens", dialect: "anthropic-messages" },
    "/embeddings": { operation: "embeddings", dialect: "openai" },
    "/moderations": { operation: "moderation", dialect: "openai" },
    "/chat/moderations": { operation: "moderation", dialect: "openai" },
    "/rerank": { operation: "rerank", dialect: "jina" },
  },
  match: (method, path, { headers }) =>
    methodMatch(method, path) ??
    modelsMatch(method, path, headers.has("anthropic-version") ? "anthropic-messages" : "openai-chat"),
};
