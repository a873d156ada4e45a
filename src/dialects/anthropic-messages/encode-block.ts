import { callInput } from "../../canonical/call-input.ts";
import type { Part, TextPart } from "../../canonical/content.ts";
import { sealOpaque } from "../../canonical/opaque.ts";
import type { Item, ReasoningItem, ToolCallItem } from "../../canonical/request.ts";
import { thoughtText } from "../../canonical/thought-text.ts";
import { carryForCall, carryForText } from "./carried-opaque.ts";
import { encodeCitation } from "./citations.ts";
import { wireFields } from "./own-fields.ts";
import type { WireBlock } from "./wire.ts";
import { DIALECT } from "./wire.ts";

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

/** Media that a model made has no form on this wire. */
function encodeAnswerPart(part: Part): WireBlock[] {
  if (part.type === "text") return encodeAnswerText(part);
  if (part.type === "refusal") return [{ type: "text", text: part.text }];
  return part.type === "opaque" && part.dialect === DIALECT ? [part.value] : [];
}

function encodeAnswerText(part: TextPart): WireBlock[] {
  const { text, citations, opaque } = part;
  const fields = wireFields(part.extensions);
  const block: WireBlock = {
    type: "text",
    text,
    ...(citations !== undefined && citations.length > 0 && { citations: citations.map(encodeCitation) }),
    ...fields,
  };
  const isSigned = opaque !== undefined && opaque.maker !== DIALECT;
  return isSigned ? [block, carryForText(opaque)] : [block];
}

/** Another maker's state is sealed into the signature, or stands in place of the text when there is none. */
function encodeAnswerReasoning(item: ReasoningItem): WireBlock[] {
  const { opaque } = item;
  const thinking = thoughtText(item);
  const fields = wireFields(item.extensions);
  if (opaque === undefined) {
    return thinking === "" && fields === undefined ? [] : [{ type: "thinking", thinking, signature: "", ...fields }];
  }
  const value = sealOpaque(opaque, DIALECT);
  const isText = thinking !== "" || (opaque.maker === DIALECT && opaque.kind === "signature");
  return [
    isText
      ? { type: "thinking", thinking, signature: value, ...fields }
      : { type: "redacted_thinking", data: value, ...fields },
  ];
}

function encodeAnswerCall(item: ToolCallItem): WireBlock[] {
  const { opaque } = item;
  const block: WireBlock = {
    type: "tool_use",
    id: item.callId,
    name: item.name,
    input: callInput(item),
    ...wireFields(item.extensions),
  };
  const isSigned = opaque !== undefined && opaque.maker !== DIALECT;
  return isSigned ? [carryForCall(opaque, item.callId), block] : [block];
}
