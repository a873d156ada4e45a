import type { DialectName } from "../../canonical/names.ts";
import type { PipelineOperation } from "../../pipeline/stages.ts";

/** A way into the pipeline. */
export interface InferenceEndpoint {
  type: "inference";
  operation: PipelineOperation;
  dialect: DialectName;
  /** Gemini names the model, and whether to stream, in the path. */
  pathModel: string | null;
  pathStream: boolean;
}

/** A list of models in the shape of a dialect; `id`: one of them. */
export interface ModelsEndpoint {
  type: "models";
  dialect: DialectName;
  id: string | null;
}

export type Endpoint = InferenceEndpoint | ModelsEndpoint;

interface Shape {
  operation: PipelineOperation;
  dialect: DialectName;
}

/** Bodies that are posted to a fixed path, below `/v1`. */
const POSTS: Readonly<Record<string, Shape>> = {
  "/chat/completions": { operation: "chat", dialect: "openai-chat" },
  "/responses": { operation: "responses", dialect: "openai-responses" },
  "/messages": { operation: "chat", dialect: "anthropic-messages" },
  "/messages/count_tokens": { operation: "count_tokens", dialect: "anthropic-messages" },
};

/** Gemini's methods behind `models/{model}:`. */
const GEMINI_METHODS: Readonly<Record<string, { operation: PipelineOperation; isStream: boolean }>> = {
  generateContent: { operation: "chat", isStream: false },
  streamGenerateContent: { operation: "chat", isStream: true },
  countTokens: { operation: "count_tokens", isStream: false },
};

/** Drop-in prefixes: the SDK of that vendor with only its base URL changed. Longest first. */
const PREFIXES: readonly { prefix: string; dialect: DialectName }[] = [
  { prefix: "/openai/v1", dialect: "openai-chat" },
  { prefix: "/openai", dialect: "openai-chat" },
  { prefix: "/anthropic/v1", dialect: "anthropic-messages" },
  { prefix: "/anthropic", dialect: "anthropic-messages" },
  { prefix: "/genai/v1beta", dialect: "gemini" },
  { prefix: "/genai/v1", dialect: "gemini" },
  { prefix: "/genai", dialect: "gemini" },
  { prefix: "/v1beta", dialect: "gemini" },
  { prefix: "/v1", dialect: "openai-chat" },
];

export type Match =
  | { status: "found"; endpoint: Endpoint }
  | { status: "no_path" }
  | { status: "wrong_method"; allow: string };

/** Finds the endpoint of a request; `isAnthropic`: its headers say that an Anthropic SDK sent it, which shares `/v1/models`. */
export function matchEndpoint(method: string, path: string, isAnthropic: boolean): Match {
  for (const { prefix, dialect } of PREFIXES) {
    if (!path.startsWith(prefix) || path.charCodeAt(prefix.length) !== SLASH) continue;
    const family = dialect === "openai-chat" && isAnthropic ? "anthropic-messages" : dialect;
    const match = below(method, path.slice(prefix.length), family);
    if (match.status !== "no_path") return match;
  }
  return { status: "no_path" };
}

const SLASH = 47;

function below(method: string, path: string, dialect: DialectName): Match {
  const post = POSTS[path];
  if (post !== undefined) {
    if (method !== "POST") return { status: "wrong_method", allow: "POST" };
    return { status: "found", endpoint: { type: "inference", ...post, pathModel: null, pathStream: false } };
  }
  if (path === "/models" || path === "/models/") return models(method, dialect, null);
  return path.startsWith("/models/")
    ? belowModels(method, path.slice("/models/".length), dialect)
    : { status: "no_path" };
}

function belowModels(method: string, rest: string, dialect: DialectName): Match {
  const colon = rest.lastIndexOf(":");
  const gemini = colon > 0 ? GEMINI_METHODS[rest.slice(colon + 1)] : undefined;
  if (gemini === undefined) return models(method, dialect, decode(rest));
  if (method !== "POST") return { status: "wrong_method", allow: "POST" };
  const { operation, isStream } = gemini;
  const pathModel = decode(rest.slice(0, colon));
  return {
    status: "found",
    endpoint: { type: "inference", operation, dialect: "gemini", pathModel, pathStream: isStream },
  };
}

function models(method: string, dialect: DialectName, id: string | null): Match {
  if (method !== "GET" && method !== "HEAD") return { status: "wrong_method", allow: "GET" };
  return { status: "found", endpoint: { type: "models", dialect, id } };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
