import { createHash, timingSafeEqual } from "node:crypto";
import { GatewayError } from "../canonical/errors.ts";

/** SHA-256 of an admin token. Tokens are random and long, so no slow hash is needed. */
export function hashAdminToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** Lets a management request pass or throws `unauthenticated`; compares in constant time. */
export function checkAdmin(request: Request, hashes: readonly Uint8Array[]): void {
  const presented = /^bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (presented === undefined) {
    throw new GatewayError(
      "unauthenticated",
      "the management API needs the admin token: send `Authorization: Bearer TOKEN`",
    );
  }
  const hash = hashAdminToken(presented.trim());
  const isKnown = hashes
    .map((known) => known.byteLength === hash.byteLength && timingSafeEqual(known, hash))
    .includes(true);
  if (!isKnown) throw new GatewayError("unauthenticated", "unknown admin token");
}
