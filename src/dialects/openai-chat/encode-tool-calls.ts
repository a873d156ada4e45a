import type { JsonObject } from "../../canonical/json.ts";
import { isJsonObject, objectFrom } from "../../canonical/json.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import { sealOpaque } from "../../canonical/opaque.ts";
import type { ToolCallItem } from "../../canonical/request.ts";
import { encodeCacheMarker } from "./cache-marker.ts";
import { fitCallId } from "./call-id.ts";
import { dropMarker } from "./encode-content.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn } from "./encode-context.ts";
import { fieldsOf, shapeOf } from "./shape.ts";
import { CHAT, addFields } from "./wire.ts";

/** `extra_content` of a call: the host's own object as it came, or a client's copy of another maker's state. */
export function encodeExtraContent(opaque: Opaque): JsonObject | undefined {
  if (opaque.maker !== CHAT) return { google: { thought_signature: sealOpaque(opaque, CHAT) } };
  return objectFrom(opaque.value);
}

/** One entry of `tool_calls`. */
export function encodeToolCall(call: ToolCallItem, context: EncodeContext): JsonObject {
  const { own, toClient, shortCallIds } = context;
  const id = (own || toClient) && shortCallIds !== true ? call.callId : fitCallId(call.callId, shortCallIds);
  const made: JsonObject =
    call.kind === "custom" && context.noCustomTools !== true
      ? { id, type: "custom", custom: { name: call.name, input: call.arguments } }
      : { id, type: "function", function: { name: call.name, arguments: encodeArguments(call, context) } };
  addOpaque(made, call.opaque, context);
  addMarker(made, call, context);
  addCallFields(made, fieldsOf(call));
  return made;
}

/** A call without arguments: an empty text is no JSON, which clients and most hosts would choke on. */
function encodeArguments(call: ToolCallItem, context: EncodeContext): string {
  if (call.kind === "custom") return JSON.stringify({ input: call.arguments });
  return call.arguments === "" && !context.own ? "{}" : call.arguments;
}

function addOpaque(made: JsonObject, opaque: Opaque | undefined, context: EncodeContext): void {
  if (opaque === undefined) return;
  if (opaque.maker !== CHAT && !context.toClient) {
    warn(
      context,
      "dropped_opaque",
      "tool_calls.signature",
      `only ${opaque.maker} can read the signature of a tool call`,
    );
    return;
  }
  const extra = encodeExtraContent(opaque);
  if (extra !== undefined) made["extra_content"] = extra;
}

function addMarker(made: JsonObject, call: ToolCallItem, context: EncodeContext): void {
  if (call.cache === undefined || shapeOf(call)?.cacheOnMessage !== undefined) return;
  if (context.own) made["cache_control"] = encodeCacheMarker(call.cache);
  else dropMarker(context);
}

/** Puts a call's unnamed fields back, those of `function` and `custom` into that object. */
export function addCallFields(made: JsonObject, fields: JsonObject | undefined): void {
  if (fields === undefined) return;
  for (const key of ["function", "custom"]) {
    const inner = made[key];
    const value = fields[key];
    if (isJsonObject(inner) && isJsonObject(value)) addFields(inner, value);
  }
  const { function: _function, custom: _custom, ...rest } = fields;
  addFields(made, rest);
}

/** The value of `function_call` for a call. */
export function encodeFunctionCall(call: ToolCallItem, context: EncodeContext): JsonObject {
  return { name: call.name, arguments: encodeArguments(call, context) };
}
