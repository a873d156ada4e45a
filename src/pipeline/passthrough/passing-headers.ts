import { VIRTUAL_KEY_PREFIX } from "../../domain/identity/virtual-key.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { HeaderSource } from "../../domain/identity/credential.ts";
import type { HeaderList } from "../../lib/http-client/index.ts";

/** Of one connection only (RFC 9110, 7.6.1), or made anew for the next. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "content-length",
]);

/** Credentials of callers wherever SDKs put them, and what tells of the caller's network or of this gateway. */
const OURS: ReadonlySet<string> = new Set([
  "accept-encoding",
  "api-key",
  "authorization",
  "cookie",
  "expect",
  "forwarded",
  "host",
  "origin",
  "referer",
  "true-client-ip",
  "via",
  "x-api-key",
  "x-goog-api-key",
  "x-real-ip",
]);
const OUR_PREFIXES = [
  "x-trunkline-",
  "x-bf-",
  "x-portkey-",
  "x-litellm-",
  "x-ai-gateway-",
  "cf-",
  "x-forwarded-",
  "x-amz-",
  "sec-",
];

/** The client's headers that go along: all but those of the connection, credentials, and `own`, the provider's credential. */
export function requestHeaders(client: HeaderSource, own: readonly string[]): Record<string, string> {
  const hop = named(client.get("connection"));
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(client.toJSON())) {
    if (HOP_BY_HOP.has(name) || hop.has(name) || own.includes(name) || isOurs(name)) continue;
    if (value.includes(VIRTUAL_KEY_PREFIX)) continue;
    if (/[^\t\x20-\x7e]/.test(value) || !/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) throw badHeader(name);
    headers[name] = value;
  }
  return headers;
}

function isOurs(name: string): boolean {
  return OURS.has(name) || OUR_PREFIXES.some((prefix) => name.startsWith(prefix));
}

function badHeader(name: string): GatewayError {
  const shown = JSON.stringify(name.slice(0, 100));
  return new GatewayError("invalid_request", `header ${shown} holds characters that cannot go along`, { param: name });
}

/** Cookies would be this gateway's at the client; the body is sent anew, uncompressed. */
const NOT_BACK: ReadonlySet<string> = new Set([
  "set-cookie",
  "set-cookie2",
  "content-encoding",
  "content-type",
  "alt-svc",
  "strict-transport-security",
]);

/** The provider's headers that the client gets. */
export function responseHeaders(provider: HeaderList): Record<string, string> {
  const hop = named(provider.get("connection"));
  // Looked into by names of the provider's choice, among which may be those of a prototype.
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of provider.entries()) {
    if (HOP_BY_HOP.has(name) || hop.has(name) || NOT_BACK.has(name) || name.startsWith("x-trunkline-")) continue;
    if (/[^\t\x20-\x7e]/.test(value)) continue;
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}

/** Names that a Connection header declares to be of the connection. */
function named(connection: string | null): ReadonlySet<string> {
  return new Set((connection ?? "").split(",").map((name) => name.trim().toLowerCase()));
}
