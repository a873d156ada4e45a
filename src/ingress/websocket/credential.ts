import { CLIENT_SECRET_PREFIX } from "../../domain/identity/client-secret.ts";
import { presentedKey, type HeaderSource } from "../../domain/identity/credential.ts";
import { VIRTUAL_KEY_PREFIX } from "../../domain/identity/virtual-key.ts";

/** Subprotocols that carry a key, since browsers cannot set headers: https://platform.openai.com/docs/guides/realtime-websocket */
const KEY_PROTOCOL = "openai-insecure-api-key.";
/** Other subprotocols that stand for headers. */
const HEADER_PROTOCOLS = ["openai-organization.", "openai-project.", "openai-beta."];
/** Where clients put keys that cannot set headers: Gemini's, Azure's (two), Gemini's for short-lived ones. */
const KEY_PARAMETERS = ["key", "api-key", "Authorization", "access_token"];

/** The subprotocols that a client offers, in its order. */
export function offeredProtocols(headers: HeaderSource): string[] {
  const offered = headers.get("sec-websocket-protocol") ?? "";
  return offered
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}

/** The virtual key or client secret that the handshake of a session presents, or null. */
export function socketCredential(
  headers: HeaderSource,
  query: URLSearchParams,
  protocols: readonly string[],
): string | null {
  const stated = presentedKey(headers, null);
  if (stated !== null) return stated;
  const bearer = headers.get("authorization")?.replace(/^bearer /i, "") ?? "";
  const inProtocol = protocols.find((each) => each.startsWith(KEY_PROTOCOL))?.slice(KEY_PROTOCOL.length) ?? "";
  const inQuery = KEY_PARAMETERS.map((name) => (query.get(name) ?? "").replace(/^bearer /i, ""));
  return [bearer, inProtocol, ...inQuery].find(isOurs) ?? null;
}

function isOurs(value: string): boolean {
  return value.startsWith(VIRTUAL_KEY_PREFIX) || value.startsWith(CLIENT_SECRET_PREFIX);
}

/** The query without credentials. */
export function withoutKeys(query: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...query].filter(([name]) => !KEY_PARAMETERS.includes(name)));
}

/** The subprotocol to agree on, never one that carries a key; null: the client offers none of use. */
export function agreedProtocol(protocols: readonly string[]): string | null {
  const hidden = [KEY_PROTOCOL, ...HEADER_PROTOCOLS];
  return protocols.find((each) => !hidden.some((prefix) => each.startsWith(prefix))) ?? null;
}
