import type { Family, Match } from "./endpoint.ts";

/** The version of Ollama whose API this is: clients ask for it to know what they may use. */
const VERSION = "0.13.3";

/** Paths that are read, by what they answer. */
const GETS: Readonly<Record<string, Extract<Match, { status: "found" }>["endpoint"]>> = {
  "/api/tags": { type: "models", dialect: "ollama", id: null },
  "/api/version": { type: "constant", body: { version: VERSION } },
  // What is loaded into memory: nothing, here.
  "/api/ps": { type: "constant", body: { models: [] } },
};

/**
 * https://docs.ollama.com/api, below a prefix of its own: `/api` at the root is the management API's. OpenAI's API
 * stands beside it below `/ollama/v1`, as it does there.
 */
export const ollamaFamily: Family = {
  prefixes: ["/ollama"],
  posts: {
    "/api/chat": { operation: "chat", dialect: "ollama" },
    "/api/generate": { operation: "chat", dialect: "ollama" },
    "/api/embed": { operation: "embeddings", dialect: "ollama" },
    "/api/embeddings": { operation: "embeddings", dialect: "ollama" },
  },
  // Its client shows `error` as it is.
  errors: "ollama",
  match: ollamaMatch,
};

function ollamaMatch(method: string, path: string): Match | null {
  if (path === "/api/show") {
    if (method !== "POST") return { status: "wrong_method", allow: "POST" };
    return { status: "found", endpoint: { type: "models", dialect: "ollama", id: null, idInBody: true } };
  }
  const endpoint = Object.hasOwn(GETS, path) ? GETS[path] : undefined;
  if (endpoint === undefined) return null;
  if (method !== "GET" && method !== "HEAD") return { status: "wrong_method", allow: "GET" };
  return { status: "found", endpoint };
}
