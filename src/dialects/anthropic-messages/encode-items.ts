import { warnedInput } from "../../canonical/call-input.ts";
import type {
  Item,
  MessageItem,
  OpaqueItem,
  ReasoningItem,
  ToolCallItem,
  ToolResultItem,
} from "../../canonical/request.ts";
import { encodeCache } from "./cache-marker.ts";
import type { EncodeContext } from "./encode-context.ts";
import { noteBreakpoint, warn } from "./encode-context.ts";
import { encodePart } from "./encode-part.ts";
import { hasShape, wireFields } from "./own-fields.ts";
import type { WireBlock } from "./wire.ts";
import { DIALECT } from "./wire.ts";

/** The blocks of an item that is not a system message; none when it cannot go along. */
export function encodeItem(item: Item, context: EncodeContext): WireBlock[] {
  switch (item.type) {
    case "message":
      return encodeMessage(item, context);
    case "reasoning":
      return asList(encodeReasoning(item, context));
    case "tool_call":
      return [noteBreakpoint(encodeToolCall(item, context), context)];
    case "tool_result":
      return [noteBreakpoint(encodeToolResult(item, context), context)];
    default:
      return asList(encodeOpaqueItem(item, context));
  }
}

function asList(block: WireBlock | undefined): WireBlock[] {
  return block === undefined ? [] : [block];
}

function encodeMessage(item: MessageItem, context: EncodeContext): WireBlock[] {
  if (item.name !== undefined) {
    warn(context, "unsupported_field", "messages", "names of speakers were left out");
  }
  const place = item.role === "user" || item.role === "assistant" ? item.role : "system";
  return item.content.flatMap((part) => asList(encodePart(part, place, context)));
}

/**
 * Thinking goes back only to its maker: the vendor refuses a block without a signature of its own. Servers of other models
 * take thinking as text.
 */
function encodeReasoning(item: ReasoningItem, context: EncodeContext): WireBlock | undefined {
  const { opaque } = item;
  const fields = wireFields(item.extensions);
  const thinking = item.text !== "" ? item.text : item.summary.join("\n\n");
  if (opaque?.maker === DIALECT) {
    if (opaque.kind === "redacted") return { type: "redacted_thinking", data: opaque.value, ...fields };
    return { type: "thinking", thinking, signature: opaque.value, ...fields };
  }
  if (opaque !== undefined) {
    warn(context, "dropped_opaque", "messages", `reasoning made by ${opaque.maker} was left out`);
  } else if (context.traits.claude && thinking !== "") {
    warn(context, "dropped_content", "messages", "reasoning without a signature was left out");
  }
  if (context.traits.claude || thinking === "") return undefined;
  return { type: "thinking", thinking, signature: "", ...fields };
}

function encodeToolCall(item: ToolCallItem, context: EncodeContext): WireBlock {
  if (item.opaque !== undefined && item.opaque.maker !== DIALECT) {
    warn(context, "dropped_opaque", "messages", "a signature of another maker on a tool call was left out");
  }
  const fields = wireFields(item.extensions);
  return {
    type: "tool_use",
    id: context.calls.ofCall(item.callId),
    name: item.name,
    ...(fields !== undefined && "input" in fields ? undefined : { input: warnedInput(item, context.warnings) }),
    ...(item.cache !== undefined && { cache_control: encodeCache(item.cache) }),
    ...fields,
  };
}

function encodeToolResult(item: ToolResultItem, context: EncodeContext): WireBlock {
  const content = item.content.flatMap((part) => asList(encodePart(part, "tool_result", context)));
  if (item.isError === true && content.length === 0 && !context.native) content.push(unsaidFailure(context));
  return {
    type: "tool_result",
    tool_use_id: context.calls.ofResult(item.callId),
    ...(hasShape(item.extensions, "bare")
      ? { content: bareText(content) ?? content }
      : content.length > 0 && { content }),
    ...(item.isError !== undefined && { is_error: item.isError }),
    ...(item.cache !== undefined && { cache_control: encodeCache(item.cache) }),
    ...wireFields(item.extensions),
  };
}

/** The API refuses the failure of a tool without content: other APIs do not. */
function unsaidFailure(context: EncodeContext): WireBlock {
  warn(context, "changed_field", "messages", "the failure of a tool without words was given some");
  return { type: "text", text: "The tool failed and gave no reason." };
}

/** The text of blocks that a plain string says as well; undefined when there is more to them. */
export function bareText(blocks: readonly WireBlock[]): string | undefined {
  const [block] = blocks;
  if (block === undefined) return "";
  if (blocks.length > 1 || block["type"] !== "text" || Object.keys(block).length !== 2) return undefined;
  return block["text"] as string;
}

function encodeOpaqueItem(item: OpaqueItem, context: EncodeContext): WireBlock | undefined {
  if (item.dialect === DIALECT) return noteBreakpoint({ ...item.value }, context);
  warn(context, "dropped_content", "messages", `an item that only ${item.dialect} knows was left out`);
  return undefined;
}
