import type { PipelineOperation } from "../../../pipeline/stages.ts";
import { decodeSegment, modelsMatch, posted, type Family, type Match } from "./endpoint.ts";

/** Methods behind `models/{model}:`. */
const METHODS: Readonly<Record<string, { operation: PipelineOperation; isStream: boolean }>> = {
  generateContent: { operation: "chat", isStream: false },
  streamGenerateContent: { operation: "chat", isStream: true },
  embedContent: { operation: "embeddings", isStream: false },
  batchEmbedContents: { operation: "embeddings", isStream: false },
  countTokens: { operation: "count_tokens", isStream: false },
};

/** https://ai.google.dev/api */
export const geminiFamily: Family = {
  prefixes: ["/v1beta", "/genai/v1beta", "/genai/v1", "/genai"],
  posts: {},
  match: (method, path) => methodMatch(method, path) ?? modelsMatch(method, path, "gemini"),
};

/** `models/{model}:method`; also below `/v1`, where Google's SDKs look for it in their later API version. */
export function methodMatch(method: string, path: string): Match | null {
  const colon = path.lastIndexOf(":");
  if (colon < 0 || !path.startsWith("/models/")) return null;
  const name = path.slice(colon + 1);
  const found = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (found === undefined) return null;
  const pathModel = decodeSegment(path.slice("/models/".length, colon));
  return posted(method, { operation: found.operation, dialect: "gemini", pathModel, pathStream: found.isStream });
}
