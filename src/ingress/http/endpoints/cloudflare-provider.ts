import { anthropicFamily } from "./anthropic.ts";
import { posted, type Family, type InferenceEndpoint, type Match, type RequestHints } from "./endpoint.ts";
import { geminiFamily } from "./gemini.ts";
import { openaiFamily } from "./openai.ts";

interface Vendor {
  family: Family;
  /** What may stand before the paths of its family. */
  versions: readonly string[];
}

/** Whose API a provider's paths belong to; all others speak OpenAI's. */
const FAMILY_OF: Readonly<Record<string, Vendor>> = {
  anthropic: { family: anthropicFamily, versions: ["/v1"] },
  "google-ai-studio": { family: geminiFamily, versions: ["/v1beta", "/v1"] },
};
const OPENAI: Vendor = { family: openaiFamily, versions: ["/openai/v1", "/v1"] };

/** The endpoint of a path below a provider's name; null: none. Where `provider` is `compat`, models name their provider. */
export function providerMatch(method: string, provider: string, path: string, hints: RequestHints): Match | null {
  const match = below(method, path, FAMILY_OF[provider] ?? OPENAI, hints);
  if (match?.status !== "found" || match.endpoint.type !== "inference" || provider === "compat") return match;
  const endpoint: InferenceEndpoint = { ...match.endpoint, pathProvider: provider };
  return { status: "found", endpoint };
}

function below(method: string, path: string, { family, versions }: Vendor, hints: RequestHints): Match | null {
  const version = versions.find((each) => path.startsWith(`${each}/`)) ?? "";
  const rest = path.slice(version.length);
  const shape = Object.hasOwn(family.posts, rest) ? family.posts[rest] : undefined;
  if (shape !== undefined) return posted(method, { ...shape, pathModel: null, pathStream: false });
  return family.match?.(method, rest, hints) ?? null;
}
