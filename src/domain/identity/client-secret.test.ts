import { describe, expect, test } from "bun:test";
import { readClientSecret, signClientSecret } from "./client-secret.ts";

const KEY = new Uint8Array(32).fill(1);
const SECRET = { keyId: "app", expiresAt: 1000, session: { model: "m" } };

describe("client secrets", () => {
  test("say what was signed until they expire", () => {
    const signed = signClientSecret(KEY, SECRET);
    expect(readClientSecret(KEY, signed, 999_999)).toEqual({ status: "found", secret: SECRET });
    expect(readClientSecret(KEY, signed, 1_000_000)).toEqual({ status: "expired" });
  });

  test("of another key, changed or cut are unknown", () => {
    const signed = signClientSecret(KEY, SECRET);
    expect(readClientSecret(new Uint8Array(32), signed, 0)).toEqual({ status: "unknown" });
    for (let at = 6; at < signed.length - 1; at += 1) {
      const changed = signed.slice(0, at) + (signed[at] === "A" ? "B" : "A") + signed.slice(at + 1);
      expect(readClientSecret(KEY, changed, 0)).toEqual({ status: "unknown" });
      expect(readClientSecret(KEY, signed.slice(0, at), 0)).toEqual({ status: "unknown" });
    }
    expect(readClientSecret(KEY, "ek_tl_", 0)).toEqual({ status: "unknown" });
  });
});
