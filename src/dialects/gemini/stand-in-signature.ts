import type { RequestContext } from "./encode-context.ts";
import { isGemini3 } from "./model-traits.ts";
import { readObject } from "./read.ts";
import type { WirePart } from "./wire.ts";

/**
 * Stands in for the signature of what Gemini did not make, or whose signature was lost: Gemini 3 refuses calls of the current
 * turn without one. Documented in the FAQ of https://ai.google.dev/gemini-api/docs/thought-signatures.
 */
export const SKIP_SIGNATURE = "skip_thought_signature_validator";

/**
 * Signs what Gemini's image models refuse without a signature in a turn of the model's, however old: each image, and the
 * first part after thoughts (https://ai.google.dev/gemini-api/docs/image-generation#thought-signatures).
 */
export function signImageTurn(parts: readonly WirePart[], { traits }: RequestContext): void {
  if (!traits.image || !isGemini3(traits)) return;
  let first = true;
  for (const part of parts) {
    if (part.thought === true) continue;
    if (first || readObject(part, "inlineData") !== undefined) part.thoughtSignature ??= SKIP_SIGNATURE;
    first = false;
  }
}
