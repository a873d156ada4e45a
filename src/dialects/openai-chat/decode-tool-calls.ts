import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import { openOpaque } from "../../canonical/opaque.ts";
import type { ToolCallItem } from "../../canonical/request.ts";
import { decodeCacheMarker } from "./cache-marker.ts";
import { makeCallId } from "./call-id.ts";
import { addShape, extensionsWith } from "./shape.ts";
import { CHAT, fieldsBeside, objectOf, textOf } from "./wire.ts";

const NAMED = new Set(["id", "type", "function", "custom", "cache_control", "extra_content"]);
const NAMED_IN_FUNCTION = new Set(["name", "arguments"]);
const NAMED_IN_CUSTOM = new Set(["name", "input"]);

/** Arguments as the model wrote them; hosts that send an object instead of its JSON text are put right. */
export function argumentsText(value: Json | undefined): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

/**
 * The signature that Google's compatible endpoint puts on a call, `extra_content.google.thought_signature`: sealed state
 * of another maker that this gateway handed out, or the whole object as state of a host of this dialect.
 */
export function decodeExtraContent(value: Json | undefined): Opaque | undefined {
  const extra = objectOf(value);
  if (extra === undefined) return undefined;
  const signature = textOf(objectOf(extra["google"])?.["thought_signature"]);
  if (signature !== undefined) {
    const opened = openOpaque(signature, CHAT, "signature");
    if (opened.maker !== CHAT) return opened;
  }
  return { maker: CHAT, kind: "signature", value: JSON.stringify(extra) };
}

/** The unnamed fields of a call, those of its `function` or `custom` under that name. */
export function callFields(call: JsonObject): JsonObject | undefined {
  const fields = fieldsBeside(call, NAMED);
  const inFunction = innerFields(call["function"], NAMED_IN_FUNCTION);
  const inCustom = innerFields(call["custom"], NAMED_IN_CUSTOM);
  if (inFunction === undefined && inCustom === undefined) return fields;
  return {
    ...fields,
    ...(inFunction !== undefined && { function: inFunction }),
    ...(inCustom !== undefined && { custom: inCustom }),
  };
}

function innerFields(value: Json | undefined, named: ReadonlySet<string>): JsonObject | undefined {
  return isJsonObject(value) ? fieldsBeside(value, named) : undefined;
}

/** Decodes one whole entry of `tool_calls`. */
export function decodeToolCall(call: JsonObject): ToolCallItem {
  const custom = call["type"] === "custom" ? objectOf(call["custom"]) : undefined;
  const body = custom ?? objectOf(call["function"]) ?? {};
  const item: ToolCallItem = {
    type: "tool_call",
    callId: textOf(call["id"]) ?? makeCallId(),
    name: textOf(body["name"]) ?? "",
    kind: custom === undefined ? "function" : "custom",
    arguments: argumentsText(custom === undefined ? body["arguments"] : body["input"]),
  };
  const opaque = decodeExtraContent(call["extra_content"]);
  if (opaque !== undefined) item.opaque = opaque;
  const marker = call["cache_control"];
  const cache = decodeCacheMarker(marker);
  if (cache !== undefined) item.cache = cache;
  const fields = callFields(call);
  const kept = marker === undefined || cache !== undefined ? fields : { ...fields, cache_control: marker };
  const extensions = extensionsWith(kept);
  if (extensions !== undefined) item.extensions = extensions;
  return item;
}

/** Decodes `function_call`, which has no id: one is made up, which the `function` message after it shares. */
export function decodeFunctionCall(call: JsonObject): ToolCallItem {
  const item: ToolCallItem = {
    type: "tool_call",
    callId: makeCallId(),
    name: textOf(call["name"]) ?? "",
    kind: "function",
    arguments: argumentsText(call["arguments"]),
  };
  addShape(item, { legacy: true });
  return item;
}
