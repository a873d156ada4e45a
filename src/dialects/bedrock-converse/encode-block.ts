import { callInput } from "../../canonical/call-input.ts";
import type { Part, TextPart } from "../../canonical/content.ts";
import { objectOf } from "../../canonical/json.ts";
import type { Item, ReasoningItem, ToolCallItem } from "../../canonical/request.ts";
import { thoughtText } from "../../canonical/thought-text.ts";
import { encodeCitation } from "./citations.ts";
import { formatOf } from "./formats.ts";
import { carryForCall, carryForText, encodeRedacted, encodeSignature } from "./opaque-carriers.ts";
import { wireFields } from "./own-fields.ts";
import { DIALECT, type WireBlock } from "./wire.ts";

/** The content blocks that show an item of an answer to a client. */
export function encodeAnswerItem(item: Item): WireBlock[] {
  switch (item.type) {
    case "message":
      return item.content.flatMap(encodeAnswerPart);
    case "reasoning":
      return encodeAnswerReasoning(item);
    case "tool_call":
      return encodeAnswerCall(item);
    case "opaque":
      return item.dialect === DIALECT ? [item.value] : [];
    default:
      return [];
  }
}

function encodeAnswerPart(part: Part): WireBlock[] {
  if (part.type === "text") return encodeAnswerText(part);
  if (part.type === "refusal") return [{ text: part.text }];
  if (part.type === "opaque") return part.dialect === DIALECT ? [part.value] : [];
  const block = mediaBlock(part);
  return block === undefined ? [] : [block];
}

/** The block of media that a model made; undefined where the wire has no form for them. */
export function mediaBlock(part: Part): WireBlock | undefined {
  if (part.type !== "image" && part.type !== "video" && part.type !== "audio") return undefined;
  const { source, type, mediaType = type === "image" ? "image/png" : "" } = part;
  const format = formatOf(type, mediaType);
  if (source.type !== "base64" || format === undefined) return undefined;
  const own = wireFields(part.extensions);
  return { ...own, [type]: { ...objectOf(own?.[type]), format, source: { bytes: source.data } } };
}

function encodeAnswerText(part: TextPart): WireBlock[] {
  const { text, citations = [], opaque } = part;
  const { citationsContent, ...own } = wireFields(part.extensions) ?? {};
  const block: WireBlock =
    citationsContent !== undefined
      ? { ...own, citationsContent }
      : citations.length > 0
        ? { ...own, citationsContent: { content: [{ text }], citations: citations.map(encodeCitation) } }
        : { text, ...own };
  return opaque === undefined ? [block] : [block, carryForText(opaque)];
}

/** Another maker's state is sealed into the signature, or stands in place of the text when there is none. */
function encodeAnswerReasoning(item: ReasoningItem): WireBlock[] {
  const { opaque } = item;
  const text = thoughtText(item);
  const own = wireFields(item.extensions);
  const within = objectOf(own?.["reasoningContent"]);
  const wrote = objectOf(within["reasoningText"]);
  if (opaque === undefined && text === "" && own === undefined) return [];
  if (opaque !== undefined && text === "" && opaque.kind !== "signature")
    return [{ ...own, reasoningContent: { ...within, redactedContent: encodeRedacted(opaque) } }];
  const signature = opaque !== undefined && opaque.maker !== DIALECT && { signature: encodeSignature(opaque) };
  return [{ ...own, reasoningContent: { ...within, reasoningText: { ...wrote, text, ...signature } } }];
}

function encodeAnswerCall(item: ToolCallItem): WireBlock[] {
  const { opaque, callId, name } = item;
  const own = wireFields(item.extensions);
  const within = objectOf(own?.["toolUse"]);
  const input = "input" in within ? undefined : { input: callInput(item) };
  const block = { ...own, toolUse: { ...within, toolUseId: callId, name, ...input } };
  return opaque === undefined ? [block] : [carryForCall(opaque, callId), block];
}
