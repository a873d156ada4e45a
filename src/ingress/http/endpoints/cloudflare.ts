import { openUniversal } from "../open-universal.ts";
import { providerMatch } from "./cloudflare-provider.ts";
import { posted, type Family, type Match } from "./endpoint.ts";
import { openaiFamily } from "./openai.ts";

/** `/{account}/{gateway}/{provider}/…`: an account is 32 hexadecimal digits, so no other path looks like it. */
const PATH = /^\/[0-9a-f]{32}\/[^/]+\/([^/]+)(\/.*)$/;
/** Without a provider: the universal endpoint. */
const UNIVERSAL = /^\/[0-9a-f]{32}\/[^/]+\/?$/;

/**
 * Cloudflare's AI gateway, whose users change only the host: https://developers.cloudflare.com/ai-gateway/usage/providers/,
 * …/chat-completion/ (`compat`) and …/universal/
 */
export const cloudflareFamily: Family = {
  prefixes: ["/v1"],
  posts: {},
  match(method, path, hints) {
    if (UNIVERSAL.test(path)) return universal(method);
    const [, provider, rest] = PATH.exec(path) ?? [];
    return provider === undefined || rest === undefined ? null : providerMatch(method, provider, rest, hints);
  },
};

/** The unified endpoint by itself: its models name the provider. */
export const compatFamily: Family = { ...openaiFamily, prefixes: ["/compat/v1", "/compat"] };

function universal(method: string): Match {
  return posted(method, {
    operation: "chat",
    dialect: "openai-chat",
    pathModel: null,
    pathStream: false,
    bodyKind: "json_list",
    open: openUniversal,
  });
}
