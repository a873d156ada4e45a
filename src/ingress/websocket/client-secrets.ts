import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type JsonObject } from "../../canonical/json.ts";
import { presentedKey } from "../../domain/identity/credential.ts";
import { signClientSecret } from "../../domain/identity/client-secret.ts";
import { timeOrderedId } from "../../lib/ids.ts";
import type { Snapshot } from "../../pipeline/snapshot.ts";

/** Seconds; https://platform.openai.com/docs/api-reference/realtime-sessions/create-realtime-client-secret */
const LIFETIME = { least: 10, most: 7200, default: 600 };
/** A secret travels in a header or a subprotocol. */
const MAX_SESSION_BYTES = 6000;

/**
 * Makes a short-lived credential for one's own virtual key. `client_secrets`: the present form; `sessions`: that of the beta,
 * whose body is the configuration itself. Throws when the caller is not known.
 */
export function createClientSecret(
  snapshot: Snapshot,
  key: Uint8Array,
  request: Request,
  body: JsonObject,
  form: "client_secrets" | "sessions",
  now: number,
): JsonObject {
  const keyId = callerOf(snapshot, request, now);
  const session = form === "sessions" ? body : sessionOf(body);
  const expiresAt = Math.floor(now / 1000) + (form === "sessions" ? LIFETIME.default : lifetimeOf(body));
  if (JSON.stringify(session).length > MAX_SESSION_BYTES) {
    const text = `a configuration of more than ${MAX_SESSION_BYTES} bytes does not fit into a client secret: send it with session.update`;
    throw new GatewayError("invalid_request", text, { param: "session" });
  }
  const value = signClientSecret(key, { keyId, expiresAt, session });
  const described = { ...session, id: timeOrderedId("sess_", now), object: "realtime.session" };
  if (form === "client_secrets") return { value, expires_at: expiresAt, session: described };
  return { ...described, client_secret: { value, expires_at: expiresAt } };
}

function callerOf(snapshot: Snapshot, { headers }: Request, now: number): string | null {
  const found = snapshot.identify(presentedKey(headers, null), now);
  if (found.status === "found") return found.key.data.id;
  if (found.status === "none" && !snapshot.data.requireVirtualKey) return null;
  throw new GatewayError("unauthenticated", found.status === "none" ? "no virtual key" : `${found.status} virtual key`);
}

function sessionOf({ session }: JsonObject): JsonObject {
  if (session === undefined) return {};
  if (isJsonObject(session)) return session;
  throw new GatewayError("invalid_request", "session must be an object", { param: "session" });
}

function lifetimeOf({ expires_after: after }: JsonObject): number {
  if (after === undefined) return LIFETIME.default;
  const seconds = isJsonObject(after) ? (after["seconds"] ?? LIFETIME.default) : null;
  if (typeof seconds === "number" && seconds >= LIFETIME.least && seconds <= LIFETIME.most) return Math.floor(seconds);
  const text = `expires_after.seconds must be a number from ${LIFETIME.least} to ${LIFETIME.most}`;
  throw new GatewayError("invalid_request", text, { param: "expires_after.seconds" });
}
