import type { Part } from "../canonical/content.ts";
import type { DialectName } from "../canonical/names.ts";
import type { Opaque } from "../canonical/opaque.ts";
import type { ChatRequest } from "../canonical/request.ts";

/**
 * True when the conversation carries state of another maker, sealed into the client's own fields: an upstream of this
 * dialect would refuse it, so the request cannot go out as it came.
 */
export function holdsForeignState({ items }: ChatRequest, dialect: DialectName): boolean {
  for (const item of items) {
    if (item.type === "reasoning" || item.type === "tool_call") {
      if (isForeign(item.opaque, dialect)) return true;
    } else if (item.type === "message" && item.role === "assistant" && hasForeignPart(item.content, dialect))
      return true;
  }
  return false;
}

function hasForeignPart(parts: readonly Part[], dialect: DialectName): boolean {
  for (const part of parts) {
    if ((part.type === "text" || part.type === "image") && isForeign(part.opaque, dialect)) return true;
  }
  return false;
}

function isForeign(opaque: Opaque | undefined, dialect: DialectName): boolean {
  return opaque !== undefined && opaque.maker !== dialect;
}
