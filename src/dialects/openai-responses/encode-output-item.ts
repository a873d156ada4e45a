import type { Part, TextPart } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { sealOpaque } from "../../canonical/opaque.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import type { Item, MessageItem, OpaqueItem, ReasoningItem, ToolCallItem } from "../../canonical/request.ts";
import { encodeOutputMedia, encodeOutputText, mediaText } from "./encode-output-part.ts";
import { callCarrierId, madeUpId, textCarrierId } from "./made-up-id.ts";
import { wireName } from "./namespaces.ts";
import { ownFields, without } from "./own-fields.ts";
import { reasoningFields } from "./reasoning-content.ts";
import { encodeSearch, isSearch } from "./tool-search.ts";
import { DIALECT, FORM } from "./wire.ts";

/** Where an item stands in an answer to a client. */
export interface OutputPlace {
  answerId: string;
  /** `output_index`. */
  index: number;
}

export type OutputItem = MessageItem | ReasoningItem | ToolCallItem | OpaqueItem;

/** The item's id, or one made up from its place. */
export function outputItemId(item: Item, place: OutputPlace): string {
  if ("id" in item && item.id !== undefined) return item.id;
  if (item.type === "message") return madeUpId("msg", place.answerId, place.index);
  if (item.type === "reasoning") return madeUpId("rs", place.answerId, place.index);
  return madeUpId(item.type === "tool_call" ? callPrefix(item) : "fc", place.answerId, place.index);
}

function callPrefix(call: ToolCallItem): string {
  if (isSearch(call)) return "tsc";
  return call.kind === "custom" ? "ctc" : "fc";
}

/** Encodes an item of an answer under its id. `status` stands where the item's own fields have none. */
export function encodeOutputItem(
  item: OutputItem,
  id: string,
  status: string,
  logprobs: readonly Json[] = [],
): JsonObject {
  switch (item.type) {
    case "message":
      return encodeMessage(item, id, status, logprobs);
    case "reasoning":
      return encodeReasoning(item, id);
    case "tool_call":
      return encodeCall(item, id, status);
    default:
      return item.value;
  }
}

function encodeMessage(item: MessageItem, id: string, status: string, logprobs: readonly Json[]): JsonObject {
  const content: JsonObject[] = [];
  let left = logprobs;
  for (const part of item.content) {
    const wire = encodeContentPart(part, left);
    if (wire === undefined) continue;
    content.push(wire);
    if (part.type === "text") left = [];
  }
  return { status, ...without(ownFields(item), FORM), id, type: "message", role: "assistant", content };
}

/** Encodes a part that stands within a message; images stand beside it and yield undefined. */
export function encodeContentPart(part: Part, logprobs: readonly Json[]): JsonObject | undefined {
  if (part.type === "text") return encodeOutputText(part, logprobs);
  const media = encodeOutputMedia(part);
  if (media !== undefined || isInlineImage(part)) return media;
  const text = mediaText(part);
  return text === undefined ? undefined : encodeOutputText({ type: "text", text }, []);
}

/** True for an image that becomes an item of its own. */
function isInlineImage(part: Part): boolean {
  return part.type === "image" && part.source.type === "base64";
}

function encodeReasoning(item: ReasoningItem, id: string): JsonObject {
  const { opaque, summary } = item;
  return {
    id,
    type: "reasoning",
    summary: summary.map((line) => ({ type: "summary_text", text: line })),
    ...reasoningFields(item),
    ...(opaque !== undefined && { encrypted_content: sealOpaque(opaque, DIALECT) }),
  };
}

/** Clients parse the arguments of a function, so that none at all are written as an empty object. */
function encodeCall(item: ToolCallItem, id: string, status: string): JsonObject {
  if (isSearch(item)) return encodeSearch(item, id, status);
  const head = { status, ...ownFields(item), id, call_id: item.callId, name: wireName(item) };
  if (item.kind === "custom") return { ...head, type: "custom_tool_call", input: item.arguments };
  return { ...head, type: "function_call", arguments: item.arguments === "" ? "{}" : item.arguments };
}

/**
 * A reasoning item that carries the opaque state of something else, which has no field for it (see `opaque-carriers.ts`).
 * Its id is sealed with the state: clients that keep nothing at the vendor hand items back without their ids.
 */
function carrierItem(id: string, opaque: Opaque): JsonObject {
  return { id, type: "reasoning", summary: [], encrypted_content: sealOpaque({ ...opaque, id }, DIALECT) };
}

/** The carrier items that must stand after this item. */
export function carriersOf(item: OutputItem, place: OutputPlace): JsonObject[] {
  if (item.type === "tool_call" && item.opaque !== undefined)
    return [carrierItem(callCarrierId(item.callId), item.opaque)];
  if (item.type !== "message") return [];
  const carriers: JsonObject[] = [];
  item.content.filter(isSpoken).forEach((part, number) => {
    if (part.type !== "text" || part.opaque === undefined) return;
    carriers.push(carrierItem(textCarrierId(number, place.answerId, place.index), part.opaque));
  });
  return carriers;
}

function isSpoken(part: Part): part is TextPart | Extract<Part, { type: "refusal" }> {
  return part.type === "text" || part.type === "refusal";
}
