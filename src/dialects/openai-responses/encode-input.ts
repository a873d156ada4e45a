import type { Part } from "../../canonical/content.ts";
import { fitLength } from "../../canonical/fit-length.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type {
  Item,
  MessageItem,
  OpaqueItem,
  ReasoningItem,
  ToolCallItem,
  ToolResultItem,
} from "../../canonical/request.ts";
import { encodePart } from "./encode-part.ts";
import { isMadeUp } from "./made-up-id.ts";
import { wireName } from "./namespaces.ts";
import { ownFields, without } from "./own-fields.ts";
import { reasoningFields } from "./reasoning-content.ts";
import { warn } from "./request-encoding.ts";
import type { RequestEncoding } from "./request-encoding.ts";
import { DIALECT, FORM, WHOLE, listOf } from "./wire.ts";

/** The two fields that hold the conversation; each undefined when there is nothing for it. */
export interface EncodedInput {
  instructions?: string;
  input?: Json;
}

/** Encodes the conversation. What upstreams of this dialect cannot read is left out with a warning. */
export function encodeInput(encoding: RequestEncoding): EncodedInput {
  const fields: EncodedInput = {};
  const list: JsonObject[] = [];
  pairedItems(encoding).forEach((item, index) => {
    const form = item.type === "message" ? ownFields(item)[FORM] : undefined;
    const text = form === "instructions" || form === "input" ? plainText(item) : undefined;
    if (form === "instructions" && text !== undefined && fields.instructions === undefined) fields.instructions = text;
    else if (form === "input" && text !== undefined && isOnlyInput(encoding.request.items)) fields.input = text;
    else {
      const wire = encodeItem(item, `input[${index}]`, encoding);
      if (wire !== undefined) list.push(wire);
    }
  });
  if (list.length > 0) fields.input = list;
  return fields;
}

/** Chat completions do not say what kind of call a result answers; here the type of a result is that of its call. */
function pairedItems({ request, own }: RequestEncoding): readonly Item[] {
  const { items } = request;
  const custom = own ? [] : items.filter((item) => item.type === "tool_call" && item.kind === "custom");
  if (custom.length === 0) return items;
  const ids = new Set(custom.map((item) => (item.type === "tool_call" ? item.callId : "")));
  return items.map((item) =>
    item.type === "tool_result" && ids.has(item.callId) ? { ...item, kind: "custom" as const } : item,
  );
}

function plainText(item: Item): string | undefined {
  const content = item.type === "message" ? item.content : [];
  const [part] = content;
  return content.length === 1 && part?.type === "text" ? part.text : undefined;
}

/** True when nothing but instructions stands beside the one item. */
function isOnlyInput(items: readonly Item[]): boolean {
  return items.filter((item) => item.type !== "message" || ownFields(item)[FORM] !== "instructions").length === 1;
}

function encodeItem(item: Item, at: string, encoding: RequestEncoding): JsonObject | undefined {
  const whole = encoding.own && item.type !== "opaque" ? ownFields(item)[WHOLE] : undefined;
  if (isJsonObject(whole)) return typeof whole.id === "string" && isMadeUp(whole.id) ? without(whole, "id") : whole;
  switch (item.type) {
    case "message":
      return encodeMessage(item, at, encoding);
    case "reasoning":
      return encodeReasoning(item, at, encoding);
    case "tool_call":
      return encodeCall(item, at, encoding);
    case "tool_result":
      return encodeResult(item, at, encoding);
    default:
      return encodeOpaque(item, at, encoding);
  }
}

/** Ids go back only to where they may have come from; a host looks up an id that it is given. */
function itemId(item: { id?: string }, encoding: RequestEncoding): JsonObject {
  return encoding.own && item.id !== undefined && !isMadeUp(item.id) ? { id: item.id } : {};
}

function encodeMessage(item: MessageItem, at: string, encoding: RequestEncoding): JsonObject | undefined {
  const fields = ownFields(item);
  const wire: JsonObject = { ...without(fields, FORM), ...itemId(item, encoding), role: item.role };
  if (item.name !== undefined) warn(encoding, "unsupported_field", `${at}.name`, "messages have no name");
  const text = fields[FORM] === "string" ? plainText(item) : undefined;
  const content = text ?? messageContent(item, at, encoding);
  if (content.length === 0 && !encoding.own) return undefined;
  if (content.length > 0 || !("content" in fields)) wire.content = content;
  return wire;
}

/**
 * An answer of one text goes as a string: the SDK's `EasyInputMessage`, which every host takes. A list of `output_text` is
 * part of a `ResponseOutputMessage`, whose id and status another dialect's caller does not have; vLLM and OpenRouter refuse
 * one without them.
 */
function messageContent(item: MessageItem, at: string, encoding: RequestEncoding): JsonObject[] | string {
  const content = encodeContent(item.content, item.role === "assistant", at, encoding);
  const [part, ...others] = content;
  if (encoding.own || others.length > 0 || part?.type !== "output_text") return content;
  const isPlain = part.prompt_cache_breakpoint === undefined && listOf(part.annotations).length === 0;
  return isPlain && typeof part.text === "string" ? part.text : content;
}

function encodeContent(
  content: readonly Part[],
  assistant: boolean,
  at: string,
  encoding: RequestEncoding,
): JsonObject[] {
  const parts: JsonObject[] = [];
  content.forEach((part, index) => {
    const wire = encodePart(part, { assistant, at: `${at}.content[${index}]` }, encoding);
    if (wire !== undefined) parts.push(wire);
  });
  return parts;
}

/**
 * Without server-side storage the API takes a reasoning item back only with its encrypted content ("Items are not
 * persisted when `store` is set to false"), so readable reasoning of other makers is left out.
 */
function encodeReasoning(item: ReasoningItem, at: string, encoding: RequestEncoding): JsonObject | undefined {
  const { opaque } = item;
  if (opaque !== undefined && opaque.maker !== DIALECT) {
    warn(encoding, "dropped_opaque", at, `reasoning of ${opaque.maker} was left out`);
    return undefined;
  }
  if (opaque === undefined && (!encoding.own || (item.id !== undefined && isMadeUp(item.id)))) {
    warn(encoding, "dropped_content", at, "reasoning without its maker's state was left out");
    return undefined;
  }
  return reasoningItem(item, encoding);
}

function reasoningItem(item: ReasoningItem, encoding: RequestEncoding): JsonObject {
  const { opaque, summary, text } = item;
  const id = encoding.own ? item.id : opaque?.id;
  const shown = summary.length === 0 && !encoding.own && text !== "" ? [text] : summary;
  return {
    type: "reasoning",
    ...(id !== undefined && !isMadeUp(id) && { id }),
    summary: shown.map((line) => ({ type: "summary_text", text: line })),
    ...(encoding.own && reasoningFields(item)),
    ...(opaque !== undefined && { encrypted_content: opaque.value }),
  };
}

function encodeCall(item: ToolCallItem, at: string, encoding: RequestEncoding): JsonObject {
  if (item.opaque !== undefined) warn(encoding, "dropped_opaque", at, `state of ${item.opaque.maker} was left out`);
  noteCache(item, encoding);
  const head = { ...ownFields(item), ...itemId(item, encoding), call_id: fitLength(item.callId), name: wireName(item) };
  if (item.kind === "custom") return { type: "custom_tool_call", ...head, input: item.arguments };
  const text = item.arguments === "" && !encoding.own ? "{}" : item.arguments;
  return { type: "function_call", ...head, arguments: text };
}

function encodeResult(item: ToolResultItem, at: string, encoding: RequestEncoding): JsonObject {
  const fields = ownFields(item);
  const wire: JsonObject = {
    type: item.kind === "custom" ? "custom_tool_call_output" : "function_call_output",
    ...without(fields, FORM),
    call_id: fitLength(item.callId),
  };
  if (item.isError === true) {
    warn(encoding, "unsupported_field", `${at}.is_error`, "the failure of a tool is told by its output only");
  }
  noteCache(item, encoding);
  const output = encodeOutput(item, fields[FORM] === "parts", at, encoding);
  if (output.length > 0 || !("output" in fields)) wire.output = output;
  return wire;
}

function encodeOutput(item: ToolResultItem, asParts: boolean, at: string, encoding: RequestEncoding): Json[] | string {
  const { content } = item;
  if (asParts || content.some((part) => part.type !== "text" || part.cache !== undefined))
    return encodeContent(content, false, at, encoding);
  return content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
}

/** Breakpoints stand on content parts only. */
function noteCache({ cache }: ToolCallItem | ToolResultItem, encoding: RequestEncoding): void {
  if (cache !== undefined) warn(encoding, "unsupported_field", "cache_control", "calls and results cannot be marked");
}

function encodeOpaque(item: OpaqueItem, at: string, encoding: RequestEncoding): JsonObject | undefined {
  if (item.dialect === DIALECT) return item.value;
  warn(encoding, "dropped_content", at, `an item of ${item.dialect} was left out`);
  return undefined;
}
