import { VIRTUAL_KEY_PREFIX } from "./virtual-key.ts";

/** Where SDKs of the various dialects put their key, ours first. */
const KEY_HEADERS = [
  "x-trunkline-key",
  "x-api-key",
  "x-goog-api-key",
  "api-key",
  // Where clients of other gateways put theirs.
  "x-bf-vk",
  "x-portkey-api-key",
  "x-litellm-api-key",
  "x-ai-gateway-api-key",
] as const;

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
  /** All of them, by lower-case name. */
  toJSON(): Record<string, string>;
}

/**
 * The virtual key that a caller presented, or null. SDKs insist on some key, so a placeholder or a provider's own key is no
 * virtual key and never travels on; `queryKey` is Gemini's `?key=`.
 */
export function presentedKey(headers: HeaderSource, queryKey: string | null): string | null {
  const authorization = headers.get("authorization");
  const bearer = bearerKey(authorization) ?? signerKey(authorization);
  if (bearer !== null) return bearer;
  for (const name of KEY_HEADERS) {
    const value = headers.get(name);
    if (value !== null && value.startsWith(VIRTUAL_KEY_PREFIX)) return value.trim();
  }
  if (queryKey !== null && queryKey.startsWith(VIRTUAL_KEY_PREFIX)) return queryKey;
  return bearerKey(headers.get("cf-aig-authorization"));
}

function bearerKey(value: string | null): string | null {
  if (value === null || !value.startsWith(VIRTUAL_KEY_PREFIX, 7) || !/^bearer $/i.test(value.slice(0, 7))) return null;
  return value.slice(7).trim();
}

function signerKey(value: string | null): string | null {
  if (value === null || !value.startsWith("AWS4-")) return null;
  const signer = SIGNATURE.exec(value)?.[1] ?? "";
  return signer.startsWith(VIRTUAL_KEY_PREFIX) ? signer : null;
}
