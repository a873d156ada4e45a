import type { DialectName } from "./names.ts";

/**
 * State that only its maker can read: Anthropic thinking signatures and redacted thinking, OpenAI encrypted reasoning,
 * Gemini thought signatures. It goes back byte-exact to the same maker and is dropped with a warning on a switch.
 */
export interface Opaque {
  maker: DialectName;
  /** `signature` vouches for readable text beside it; `encrypted` and `redacted` stand in place of it. */
  kind: "signature" | "encrypted" | "redacted";
  value: string;
  /** The maker's id of the item (`rs_…` at OpenAI), which must go back with the value. */
  id?: string;
}

const PREFIX = "tl1.";

/**
 * Packs a foreign opaque value into one string that fits another dialect's own opaque field, so that a client keeps it
 * without knowing. The result holds only base64url characters and dots. Values made by `dialect` itself stay bare.
 */
export function sealOpaque(opaque: Opaque, dialect: DialectName): string {
  if (opaque.maker === dialect) return opaque.value;
  const body = JSON.stringify([opaque.maker, opaque.kind, opaque.value, opaque.id ?? null]);
  return PREFIX + Buffer.from(body).toString("base64url");
}

/** Reverses `sealOpaque`: a bare value belongs to `dialect`, a sealed one to whom it names. */
export function openOpaque(text: string, dialect: DialectName, kind: Opaque["kind"]): Opaque {
  return unseal(text) ?? { maker: dialect, kind, value: text };
}

function unseal(text: string): Opaque | undefined {
  if (!text.startsWith(PREFIX)) return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(text.slice(PREFIX.length), "base64url").toString());
    return Array.isArray(parts) ? fromParts(parts) : undefined;
  } catch {
    return undefined;
  }
}

function fromParts(parts: unknown[]): Opaque | undefined {
  const [maker, kind, value, id] = parts;
  if (typeof maker !== "string" || typeof value !== "string") return undefined;
  if (kind !== "signature" && kind !== "encrypted" && kind !== "redacted") return undefined;
  const opaque: Opaque = { maker: maker as DialectName, kind, value };
  if (typeof id === "string") opaque.id = id;
  return opaque;
}
