import { openOpaque, sealOpaque, type Opaque } from "../../canonical/opaque.ts";

/** How the base64 form of every sealed value begins. */
const SEALED_START = "dGwxL";
const SEALED_PREFIX = "tl1.";

/**
 * The `thoughtSignature` that carries an opaque value to a Gemini client. Gemini's own signatures stay byte-exact;
 * those of other makers are sealed and base64-encoded, because the SDKs read the field as bytes
 * (`Part.thoughtSignature` in the typings: "Encoded as base64 string").
 */
export function sealSignature(opaque: Opaque): string {
  if (opaque.maker === "gemini") return opaque.value;
  return Buffer.from(sealOpaque(opaque, "gemini")).toString("base64");
}

/** Reverses `sealSignature`. Clients may re-encode the bytes in the URL-safe alphabet, which is accepted too. */
export function openSignature(signature: string): Opaque {
  if (signature.startsWith(SEALED_START)) {
    const text = Buffer.from(signature, "base64").toString();
    if (text.startsWith(SEALED_PREFIX)) return openOpaque(text, "gemini", "signature");
  }
  return { maker: "gemini", kind: "signature", value: signature };
}
