import { createHmac, timingSafeEqual } from "node:crypto";

/** Short-lived credentials for sessions start like this, as those that OpenAI's SDK lets browsers hold (`ek_`). */
export const CLIENT_SECRET_PREFIX = "ek_tl_";

/** What a client secret says. It holds no virtual key, only the id of one. */
export interface ClientSecret {
  /** Id of the virtual key that it stands for; null: of a caller without one. */
  keyId: string | null;
  /** Unix seconds. */
  expiresAt: number;
  /** Configuration that its sessions begin with. */
  session: Record<string, unknown>;
}

export type ReadSecret = { status: "found"; secret: ClientSecret } | { status: "unknown" | "expired" };

/** Signs a client secret; whoever has the same key can check it without asking anybody. */
export function signClientSecret(key: Uint8Array, secret: ClientSecret): string {
  const payload = Buffer.from(JSON.stringify(secret)).toString("base64url");
  return `${CLIENT_SECRET_PREFIX}${payload}.${signatureOf(key, payload).toString("base64url")}`;
}

/** `now`: Unix milliseconds. */
export function readClientSecret(key: Uint8Array, presented: string, now: number): ReadSecret {
  const [payload = "", signature = ""] = presented.slice(CLIENT_SECRET_PREFIX.length).split(".");
  const wanted = signatureOf(key, payload);
  const given = Buffer.from(signature, "base64url");
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return { status: "unknown" };
  const secret = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as ClientSecret;
  return secret.expiresAt * 1000 <= now ? { status: "expired" } : { status: "found", secret };
}

function signatureOf(key: Uint8Array, payload: string): Buffer {
  return createHmac("sha256", key).update(payload).digest();
}
