import { CHECK_MASK, type SessionKey } from "./session-memory.ts";

/** A conversation of one caller under one classifier, as a key of 76 bits: hashed with a secret, so that nobody can aim at another's. */
export function sessionKey(secret: bigint, ...parts: readonly string[]): SessionKey {
  const text = parts.map((part) => `${part.length}:${part}`).join("");
  const hash = Bun.hash.wyhash(text, secret);
  const check = Bun.hash.xxHash32(text, Number(secret & 0x7fff_ffffn)) & CHECK_MASK;
  return { high: Number(BigInt.asIntN(32, hash >> 32n)), low: Number(BigInt.asIntN(32, hash)), check };
}

/** The secret of `sessionKey` from that of the process. */
export function sessionSecret(secret: string): bigint {
  return Bun.hash.wyhash(`sessions of classifiers ${secret}`);
}
