import { warnedInput } from "../../canonical/call-input.ts";
import type { CacheMarker } from "../../canonical/content.ts";
import { objectOf } from "../../canonical/json.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import type { Item, MessageItem, ReasoningItem, ToolCallItem, ToolResultItem } from "../../canonical/request.ts";
import { safeCallId } from "../../canonical/safe-call-id.ts";
import { warn, withCachePoint, type EncodeContext } from "./encode-context.ts";
import { encodePart } from "./encode-part.ts";
import { wireFields } from "./own-fields.ts";
import { DIALECT, SIGNER, type WireBlock } from "./wire.ts";

/** Longest id of a tool call (AWS SDK: `ToolUseBlock`). */
const MAX_CALL_ID = 64;

/** The blocks of an item; none when it cannot go along. */
export function encodeItem(item: Item, context: EncodeContext): WireBlock[] {
  switch (item.type) {
    case "message":
      return encodeMessage(item, context);
    case "reasoning":
      return encodeReasoning(item, context);
    case "tool_call":
      return withCachePoint(encodeToolCall(item, context), item.cache, context);
    case "tool_result":
      return withCachePoint(encodeToolResult(item, context), item.cache ?? markWithin(item), context);
    default:
      if (item.dialect === DIALECT) return [item.value];
      warn(context, "dropped_content", "messages", `an item that only ${item.dialect} knows was left out`);
      return [];
  }
}

/** Points stand behind whole results, not within. */
function markWithin({ content }: ToolResultItem): CacheMarker | undefined {
  for (const part of content) if (part.type !== "refusal" && part.cache !== undefined) return part.cache;
  return undefined;
}

function encodeMessage(item: MessageItem, context: EncodeContext): WireBlock[] {
  if (item.name !== undefined) warn(context, "unsupported_field", "messages", "names of speakers were left out");
  const place = item.role === "user" || item.role === "assistant" ? item.role : "system";
  return item.content.flatMap((part) => encodePart(part, place, context));
}

/**
 * Reasoning goes back only to its maker: Claude refuses a block without a signature of its own. Other models sign nothing
 * and take it as text.
 */
function encodeReasoning(item: ReasoningItem, context: EncodeContext): WireBlock[] {
  const { opaque } = item;
  const own = wireFields(item.extensions);
  const within = objectOf(own?.["reasoningContent"]);
  if (opaque?.maker === DIALECT && opaque.kind === "redacted")
    return [{ ...own, reasoningContent: { ...within, redactedContent: opaque.value } }];
  const text = item.text !== "" ? item.text : item.summary.join("\n\n");
  if (!takesReasoning(opaque, text, context)) return [];
  const signature = opaque !== undefined && { signature: opaque.value };
  const reasoningText = { ...objectOf(within["reasoningText"]), text, ...signature };
  return [{ ...own, reasoningContent: { ...within, reasoningText } }];
}

/** Whether a thought can go along, with a warning if it cannot. */
function takesReasoning(opaque: Opaque | undefined, text: string, context: EncodeContext): boolean {
  const { native } = context;
  const isClaude = context.family.name === "claude";
  if (opaque !== undefined) {
    if (opaque.maker === SIGNER && opaque.kind === "signature" && (isClaude || native)) return true;
    warn(context, "dropped_opaque", "messages", `reasoning made by ${opaque.maker} was left out`);
    return false;
  }
  if (native) return true;
  if (isClaude && text !== "")
    warn(context, "dropped_content", "messages", "reasoning without a signature was left out");
  return !isClaude && text !== "";
}

function encodeToolCall(item: ToolCallItem, context: EncodeContext): WireBlock {
  if (item.opaque !== undefined)
    warn(context, "dropped_opaque", "messages", "a signature of another maker on a tool call was left out");
  const own = wireFields(item.extensions);
  const within = objectOf(own?.["toolUse"]);
  const input = "input" in within ? undefined : { input: warnedInput(item, context.warnings) };
  return {
    ...own,
    toolUse: { ...within, toolUseId: callIdOf(item.callId, context), name: item.name, ...input },
  };
}

function callIdOf(id: string, { native }: EncodeContext): string {
  return native ? id : safeCallId(id, MAX_CALL_ID);
}

function encodeToolResult(item: ToolResultItem, context: EncodeContext): WireBlock {
  const own = wireFields(item.extensions);
  const content = item.content.flatMap((part) => encodePart(part, "tool_result", context));
  return {
    ...own,
    toolResult: {
      ...objectOf(own?.["toolResult"]),
      toolUseId: callIdOf(item.callId, context),
      content,
      ...(item.isError !== undefined && { status: item.isError ? "error" : "success" }),
    },
  };
}
