import { objectFrom, type JsonObject } from "../../canonical/json.ts";
import { isNoArguments } from "../../canonical/no-arguments.ts";
import type { ReasoningItem, ToolCallItem } from "../../canonical/request.ts";
import { CUSTOM_ARGUMENT } from "./custom-tool.ts";
import { noteCache, type PartContext } from "./encode-context.ts";
import { readObject } from "./read.ts";
import type { WirePart } from "./wire.ts";

/** Where arguments go that are not a JSON object, such as those of a call cut off by the token limit. */
const RAW_ARGUMENT = "raw_arguments";

/**
 * Encodes a reasoning item as a thought part. Undefined when nothing of it can go along: no readable text, and state
 * of another maker.
 */
export function encodeReasoning(item: ReasoningItem, field: string, context: PartContext): WirePart | undefined {
  const kept = item.extensions?.gemini;
  const text = item.text === "" ? item.summary.join("\n\n") : item.text;
  const signature = item.opaque === undefined ? undefined : context.sign(item.opaque, field);
  if (text === "" && signature === undefined && kept === undefined) return undefined;
  const wire: WirePart = { ...(kept === undefined ? undefined : readObject(kept, "part")), text, thought: true };
  if (signature !== undefined) wire.thoughtSignature = signature;
  return wire;
}

/** Encodes a tool call as a functionCall part. A call id that we made up for a Gemini call is not sent. */
export function encodeToolCall(item: ToolCallItem, field: string, context: PartContext): WirePart {
  noteCache(item, context);
  const kept = item.extensions?.gemini ?? {};
  const call: JsonObject = { ...readObject(kept, "call") };
  if (kept.noId !== true && context.sendsId(item.callId)) call.id = item.callId;
  if (item.name !== "" || kept.noId !== true) call.name = item.name;
  if (kept.noArgs !== true || item.arguments !== "") call.args = encodeArguments(item, field, context);
  const wire: WirePart = { ...readObject(kept, "part"), functionCall: call };
  const signature = item.opaque === undefined ? undefined : context.sign(item.opaque, field);
  if (signature !== undefined) wire.thoughtSignature = signature;
  return wire;
}

/** Gemini itself writes `args: {}` where there are none, which its clients reckon with. */
function encodeArguments(item: ToolCallItem, field: string, context: PartContext): JsonObject {
  if (item.kind === "custom") return { [CUSTOM_ARGUMENT]: item.arguments };
  if (isNoArguments(item.arguments)) return {};
  const args = objectFrom(item.arguments);
  if (args !== undefined) return args;
  context.warn(
    "changed_field",
    `${field}.arguments`,
    `arguments that are not a JSON object were sent as ${RAW_ARGUMENT}`,
  );
  return { [RAW_ARGUMENT]: item.arguments };
}
