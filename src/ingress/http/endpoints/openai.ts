import { modelsMatch, posted, type ClientSecretEndpoint, type Family, type Match, type Shape } from "./endpoint.ts";
import { fimMatch } from "./fim.ts";
import { methodMatch } from "./gemini.ts";
import { serviceMatch } from "./services.ts";
import { videosMatch } from "./videos.ts";
import { percentDecoded } from "../../../lib/percent-decode.ts";

const POSTS: Readonly<Record<string, Shape>> = {
  "/chat/completions": { operation: "chat", dialect: "openai-chat" },
  "/completions": { operation: "chat", dialect: "openai-completions" },
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
  "/moderations": { operation: "moderation", dialect: "openai" },
  "/chat/moderations": { operation: "moderation", dialect: "openai" },
  "/rerank": { operation: "rerank", dialect: "jina" },
};

/** OpenAI's API, and the paths of Anthropic's that do not collide with it: both SDKs work with `/v1`. */
export const openaiFamily: Family = {
  prefixes: ["/v1", "/openai/v1", "/openai", "/ollama/v1"],
  posts: POSTS,
  sockets: {
    "/realtime": { protocol: "realtime", dialect: "openai", version: null },
    "/responses": { protocol: "responses", dialect: "openai-responses", version: null },
  },
  match: (method, path, { headers }) =>
    methodMatch(method, path) ??
    asyncMatch(method, path) ??
    compactMatch(method, path) ??
    fimMatch(method, path) ??
    serviceMatch(method, path) ??
    clientSecretMatch(method, path) ??
    videosMatch(method, path) ??
    deploymentMatch(method, path) ??
    modelsMatch(method, path, headers.has("anthropic-version") ? "anthropic-messages" : "openai-chat"),
};

/** OpenRouter's API, as far as it is OpenAI's and Anthropic's: https://openrouter.ai/docs/api-reference/overview */
export const openrouterFamily: Family = {
  ...openaiFamily,
  prefixes: ["/openrouter/api/v1", "/openrouter/v1", "/openrouter"],
  match: (method, path, hints) => openrouterShape(openaiFamily.match?.(method, path, hints) ?? null),
};

const CLIENT_SECRETS: Readonly<Record<string, ClientSecretEndpoint["form"]>> = {
  "/realtime/client_secrets": "client_secrets",
  "/realtime/sessions": "sessions",
};

function clientSecretMatch(method: string, path: string): Match | null {
  const form = Object.hasOwn(CLIENT_SECRETS, path) ? CLIENT_SECRETS[path] : undefined;
  if (form !== undefined && method === "POST") return { status: "found", endpoint: { type: "client_secret", form } };
  if (form !== undefined) return { status: "wrong_method", allow: "POST" };
  return path === "/realtime" ? { status: "wrong_method", allow: "GET" } : null;
}

function openrouterShape(match: Match | null): Match | null {
  if (match?.status !== "found" || match.endpoint.type !== "models") return match;
  return { status: "found", endpoint: { ...match.endpoint, shape: "openrouter" } };
}

/** https://platform.openai.com/docs/api-reference/responses/compact */
function compactMatch(method: string, path: string): Match | null {
  if (path !== "/responses/compact") return null;
  const shape = { operation: "responses", dialect: "openai-responses" } as const;
  return posted(method, { ...shape, pathModel: null, pathStream: false, isCompaction: true });
}

const ASYNC = "/async";

/**
 * Bifrost's `POST /async/chat/completions` and so on, and `GET` of the same path with the job's id:
 * https://docs.getbifrost.ai/features/async-inference
 */
function asyncMatch(method: string, path: string): Match | null {
  if (!path.startsWith(`${ASYNC}/`)) return null;
  const below = path.slice(ASYNC.length);
  const shape = Object.hasOwn(POSTS, below) ? POSTS[below] : undefined;
  if (shape !== undefined) return posted(method, { ...shape, pathModel: null, pathStream: false, isAsync: true });
  const slash = below.lastIndexOf("/");
  return Object.hasOwn(POSTS, below.slice(0, slash)) ? serviceMatch(method, ASYNC + below.slice(slash)) : null;
}

const DEPLOYMENTS = "/deployments/";

/**
 * Azure's `/deployments/{model}/…`: https://learn.microsoft.com/azure/ai-foundry/openai/reference. The SDK writes a model with
 * slashes as it is, so the operation is the longest known end of the path.
 */
function deploymentMatch(method: string, path: string): Match | null {
  if (!path.startsWith(DEPLOYMENTS)) return null;
  let end = "";
  for (const known of Object.keys(POSTS)) if (path.endsWith(known) && known.length > end.length) end = known;
  const shape = POSTS[end];
  const bodyModel = percentDecoded(path.slice(DEPLOYMENTS.length, -end.length));
  if (shape === undefined || bodyModel === "") return null;
  return posted(method, { ...shape, pathModel: null, pathStream: false, bodyModel });
}
