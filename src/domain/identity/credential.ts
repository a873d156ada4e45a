import { VIRTUAL_KEY_PREFIX } from "./virtual-key.ts";

/** Where SDKs of the various dialects put their key, ours first. */
const KEY_HEADERS = ["x-trunkline-key", "x-api-key", "x-goog-api-key", "api-key"] as const;

/**
 * The access key id within a signature of AWS's SDKs, which is where a virtual key stands when they have no other place for
 * it: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html. The signature itself says
 * nothing here, since the gateway knows no secret to it: the key id is the credential.
 */
const SIGNATURE = /^AWS4-HMAC-SHA256 Credential=([^/\s,]+)\//;

export interface HeaderSource {
  /** By lower-case name. */
  get(name: string): string | null;
  keys(): Iterable<string>;
}

/**
 * The virtual key that a caller presented, or null. SDKs insist on some key, so a placeholder or a provider's own key is no
 * virtual key and never travels on; `queryKey` is Gemini's `?key=`.
 */
export function presentedKey(headers: HeaderSource, queryKey: string | null): string | null {
  const bearer = headers.get("authorization");
  if (bearer !== null && bearer.startsWith(VIRTUAL_KEY_PREFIX, 7) && /^bearer $/i.test(bearer.slice(0, 7))) {
    return bearer.slice(7).trim();
  }
  const signer = bearer !== null && bearer.startsWith("AWS4-") ? SIGNATURE.exec(bearer)?.[1] : undefined;
  if (signer?.startsWith(VIRTUAL_KEY_PREFIX) === true) return signer;
  for (const name of KEY_HEADERS) {
    const value = headers.get(name);
    if (value !== null && value.startsWith(VIRTUAL_KEY_PREFIX)) return value.trim();
  }
  return queryKey !== null && queryKey.startsWith(VIRTUAL_KEY_PREFIX) ? queryKey : null;
}
