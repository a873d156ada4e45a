import { modelsMatch, posted, type Family, type Match, type QueryFields, type Shape } from "./endpoint.ts";
import { percentDecoded } from "../../../lib/percent-decode.ts";

/** Methods behind `models/{model}:`. */
const METHODS: Readonly<Record<string, Shape & { isStream: boolean }>> = {
  generateContent: { operation: "chat", dialect: "gemini", isStream: false },
  streamGenerateContent: { operation: "chat", dialect: "gemini", isStream: true },
  embedContent: { operation: "embeddings", dialect: "gemini", isStream: false },
  batchEmbedContents: { operation: "embeddings", dialect: "gemini", isStream: false },
  countTokens: { operation: "count_tokens", dialect: "gemini", isStream: false },
  predict: { operation: "embeddings", dialect: "vertex", isStream: false },
};

/** https://ai.google.dev/api, and Vertex AI's form of it, which Google's SDKs speak below `/v1beta1` */
export const geminiFamily: Family = {
  prefixes: ["/v1beta", "/v1beta1", "/genai/v1beta", "/genai/v1beta1", "/genai/v1", "/genai"],
  posts: {},
  match: (method, path) =>
    methodMatch(method, path) ?? modelsMatch(method, path, "gemini") ?? resourceMatch(method, path),
};

const LIVE_PATHS = ["v1beta", "v1alpha"].map(
  (version) =>
    [
      `/ws/google.ai.generativelanguage.${version}.GenerativeService.BidiGenerateContent`,
      { protocol: "realtime", dialect: "gemini", version },
    ] as const,
);

/** https://ai.google.dev/api/live */
export const geminiLiveFamily: Family = {
  prefixes: ["", "/genai"],
  posts: {},
  rootPaths: ["/ws"],
  sockets: Object.fromEntries(LIVE_PATHS),
};

/** Names of Vertex AI, which has endpoints of its own. */
const VERTEX_RESOURCE = /^\/(projects|publishers)\/|\/models\//;

/** The AI SDK takes a name with a slash for a whole resource's, and writes no `models/` before it. */
function resourceMatch(method: string, path: string): Match | null {
  return path.includes(":") && path.includes("/", 1) && !VERTEX_RESOURCE.test(path)
    ? methodMatch(method, MODELS + path.slice(1))
    : null;
}

/** `models/{model}:method`; also below `/v1`, where Google's SDKs look for it in their later API version. */
export function methodMatch(method: string, path: string): Match | null {
  const colon = path.lastIndexOf(":");
  const name = colon < 0 ? null : modelName(path.slice(0, colon));
  if (name === null) return null;
  const after = path.slice(colon + 1);
  const found = Object.hasOwn(METHODS, after) ? METHODS[after] : undefined;
  if (found === undefined) return null;
  const { operation, dialect, isStream } = found;
  const readQuery = isStream ? streamQuery : wholeQuery;
  return posted(method, { operation, dialect, pathModel: name, pathStream: isStream, readQuery });
}

/** The key may stand in the query, and without `alt=sse` a stream is one JSON array. */
function streamQuery(query: URLSearchParams): QueryFields {
  return { queryKey: query.get("key"), jsonArrayStream: query.get("alt") !== "sse" };
}

function wholeQuery(query: URLSearchParams): QueryFields {
  return { queryKey: query.get("key"), jsonArrayStream: false };
}

const PUBLISHERS = "/publishers/";
const MODELS = "/models/";

/**
 * The model of `/models/{model}`, or of `/publishers/{publisher}/models/{model}` with or without project and location before
 * it. Google's SDK writes a model `provider/name` as publisher and model, so that is what others than Google's are.
 */
function modelName(path: string): string | null {
  if (path.startsWith(MODELS)) return percentDecoded(path.slice(MODELS.length));
  const at = path.startsWith("/projects/") ? path.indexOf(PUBLISHERS) : path.startsWith(PUBLISHERS) ? 0 : -1;
  if (at < 0) return null;
  const start = at + PUBLISHERS.length;
  const end = path.indexOf(MODELS, start);
  if (end < 0) return null;
  const publisher = percentDecoded(path.slice(start, end));
  const model = percentDecoded(path.slice(end + MODELS.length));
  return publisher === "google" ? model : `${publisher}/${model}`;
}
