import { anthropicFamily } from "./anthropic.ts";
import { posted, type Family, type Match, type RequestHints } from "./endpoint.ts";
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

/** `/{account}/{gateway}/{provider}/…`: an account is 32 hexadecimal digits, so no other path looks like it. */
const PATH = /^\/[0-9a-f]{32}\/[^/]+\/([^/]+)(\/.*)$/;

/**
 * Cloudflare's AI gateway, whose users change only the host: https://developers.cloudflare.com/ai-gateway/providers/ and
 * …/chat-completion/ (`compat`).
 */
export const cloudflareFamily: Family = {
  prefixes: ["/v1"],
  posts: {},
  match(method, path, hints) {
    const [, provider, rest] = PATH.exec(path) ?? [];
    if (provider === undefined || rest === undefined) return null;
    const match = below(method, rest, FAMILY_OF[provider] ?? OPENAI, hints);
    if (match === null || provider === "compat") return match;
    return at(match, provider);
  },
};

/** The unified endpoint by itself: its models name the provider. */
export const compatFamily: Family = { ...openaiFamily, prefixes: ["/compat/v1", "/compat"] };

function below(method: string, path: string, { family, versions }: Vendor, hints: RequestHints): Match | null {
  const version = versions.find((each) => path.startsWith(`${each}/`)) ?? "";
  const rest = path.slice(version.length);
  const shape = Object.hasOwn(family.posts, rest) ? family.posts[rest] : undefined;
  if (shape !== undefined) return posted(method, { ...shape, pathModel: null, pathStream: false });
  return family.match?.(method, rest, hints) ?? null;
}

/** With the provider of the path, for models that name none. */
function at(match: Match, provider: string): Match {
  if (match.status !== "found" || match.endpoint.type !== "inference") return match;
  return { status: "found", endpoint: { ...match.endpoint, pathProvider: provider } };
}
