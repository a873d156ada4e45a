import type { Part, TextPart } from "../../canonical/content.ts";
import { objectOf } from "../../canonical/json.ts";
import { encodeCitation, isReturnable } from "./citations.ts";
import { withCachePoint, warn, type EncodeContext } from "./encode-context.ts";
import { encodeFile, encodeMedia } from "./encode-media.ts";
import { wireFields } from "./own-fields.ts";
import { DIALECT, objectsOf, textOf, type WireBlock } from "./wire.ts";

/** Where a part stands: the API takes media from users and tools only. */
export type Place = "system" | "user" | "assistant" | "tool_result";

/** The block of a part and the cache point behind it; none when it cannot go along, with a warning unless nothing was lost. */
export function encodePart(part: Part, place: Place, context: EncodeContext): WireBlock[] {
  const block = encodeBare(part, place, context);
  if (block === undefined) return [];
  const cache = "cache" in part ? part.cache : undefined;
  return place === "tool_result" ? [block] : withCachePoint(block, cache, context);
}

function encodeBare(part: Part, place: Place, context: EncodeContext): WireBlock | undefined {
  switch (part.type) {
    case "text":
      return encodeText(part, context);
    case "refusal":
      return part.text.trim() === "" ? undefined : { text: part.text };
    case "opaque":
      return part.dialect === DIALECT ? part.value : drop(`${part.dialect} content`, place, context);
    default:
      if (!context.native && (place === "system" || place === "assistant")) return drop(part.type, place, context);
      return part.type === "file" ? encodeFile(part, context) : encodeMedia(part, context);
  }
}

function drop(what: string, place: Place, context: EncodeContext): undefined {
  warn(context, "dropped_content", "messages", `the target takes no ${what} in ${place} content`);
  return undefined;
}

/** The API refuses texts of white space only, so they vanish. */
function encodeText(part: TextPart, context: EncodeContext): WireBlock | undefined {
  if (part.opaque !== undefined) warn(context, "dropped_opaque", "messages", "a signature on text was left out");
  const kept = keptForm(part);
  if (kept !== undefined) return kept;
  const { text } = part;
  if (!context.native && text.trim() === "") {
    if (text !== "") warn(context, "changed_field", "messages", "texts of white space only were left out");
    return undefined;
  }
  const citations = part.citations?.filter(isReturnable) ?? [];
  const own = wireFields(part.extensions);
  if (citations.length === 0) return { text, ...own };
  return { ...own, citationsContent: { content: [{ text }], citations: citations.map(encodeCitation) } };
}

/** The wire's own form of a text that has one, unless the text was changed since. */
function keptForm(part: TextPart): WireBlock | undefined {
  const own = wireFields(part.extensions);
  if (own === undefined) return undefined;
  const { json, guardContent, citationsContent, ...beside } = own;
  const { value } = objectOf(json);
  if (value !== undefined && JSON.stringify(value) === part.text) return { ...beside, json: value };
  const guarded = objectOf(objectOf(guardContent)["text"])["text"];
  if (guarded === part.text && guardContent !== undefined) return { ...beside, guardContent };
  const pieces = objectsOf(objectOf(citationsContent)["content"]).map((piece) => textOf(piece["text"]));
  if (citationsContent !== undefined && pieces.join("") === part.text) return { ...beside, citationsContent };
  return undefined;
}
