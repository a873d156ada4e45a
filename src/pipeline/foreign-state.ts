import type { Citation, Part } from "../canonical/content.ts";
import type { DialectName } from "../canonical/names.ts";
import type { Opaque } from "../canonical/opaque.ts";
import type { ChatRequest } from "../canonical/request.ts";
import { isSafeCallId } from "../canonical/safe-call-id.ts";

/**
 * True when the conversation carries state of other makers than these, sealed into the client's own fields, or citations that
 * were made of theirs: an upstream of its dialect would refuse it, so the request cannot go out as it came.
 */
export function holdsForeignState({ items }: ChatRequest, makers: readonly DialectName[]): boolean {
  for (const item of items) {
    if (item.type === "reasoning" || item.type === "tool_call") {
      if (isForeign(item.opaque, makers)) return true;
    } else if (item.type === "message" && item.role === "assistant" && hasForeignPart(item.content, makers))
      return true;
  }
  return false;
}

/** True when a thought of the conversation has no state of its maker. */
export function holdsUnsignedThought({ items }: ChatRequest): boolean {
  for (const item of items) if (item.type === "reasoning" && item.opaque === undefined) return true;
  return false;
}

/** True when a call of the conversation has an id that was made elsewhere, such as Kimi's `functions.f:0`. */
export function holdsUnsafeCallId({ items }: ChatRequest): boolean {
  for (const item of items) if (item.type === "tool_call" && !isSafeCallId(item.callId)) return true;
  return false;
}

function hasForeignPart(parts: readonly Part[], makers: readonly DialectName[]): boolean {
  for (const part of parts) {
    if ((part.type === "text" || part.type === "image") && isForeign(part.opaque, makers)) return true;
    if (part.type === "text" && part.citations?.some(isMade) === true) return true;
  }
  return false;
}

/** Decoders keep the wire object of every citation that is their dialect's own. */
function isMade({ raw }: Citation): boolean {
  return raw === undefined;
}

function isForeign(opaque: Opaque | undefined, makers: readonly DialectName[]): boolean {
  return opaque !== undefined && !makers.includes(opaque.maker);
}
