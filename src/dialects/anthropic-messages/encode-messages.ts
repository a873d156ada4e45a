import { roleOf, trimmedEnd } from "../../canonical/claude/turns.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { Item, MessageItem } from "../../canonical/request.ts";
import { callsLast, resultsFirst } from "./call-turns.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn } from "./encode-context.ts";
import { bareText, encodeItem } from "./encode-items.ts";
import { hasShape, wireFields } from "./own-fields.ts";
import type { WireBlock, WireMessage } from "./wire.ts";
import { textOf } from "./wire.ts";

/** One turn while it is put together. */
interface Turn {
  role: WireMessage["role"];
  blocks: WireBlock[];
  /** The caller wrote its content as a string. */
  bare: boolean;
  /** Fields beside role and content. */
  fields: JsonObject | undefined;
}

/** Stands in where the API wants a turn of the user and the conversation has none. */
const FILLER = "Continue.";

/** The system prompt: all system and developer messages but those that stand among the turns on this wire too. */
export function encodeSystem(items: readonly Item[], context: EncodeContext): string | WireBlock[] | undefined {
  const gathered: MessageItem[] = [];
  let hasTurns = false;
  for (const item of items) {
    if (!isSystem(item) || hasShape(item.extensions, "inline")) {
      hasTurns = true;
      continue;
    }
    if (hasTurns) warn(context, "changed_field", "messages", "system messages were moved in front of the conversation");
    gathered.push(item);
  }
  const [first] = gathered;
  if (first === undefined) return undefined;
  const blocks = gathered.flatMap((item) => encodeItem(item, context));
  const bare = gathered.length === 1 && hasShape(first.extensions, "bare") ? bareText(blocks) : undefined;
  if (bare !== undefined) return bare;
  return blocks.length > 0 || first.content.length === 0 ? blocks : undefined;
}

function isSystem(item: Item): item is MessageItem {
  return item.type === "message" && (item.role === "system" || item.role === "developer");
}

/**
 * The turns of a conversation. Items of one side in a row become one turn, with tool results first and right behind the turn
 * of their calls, as the API demands; a caller of this dialect keeps the turns that it wrote.
 */
export function encodeMessages(items: readonly Item[], context: EncodeContext): WireMessage[] {
  const turns: Turn[] = [];
  const callTurns: CallTurns = new Map();
  for (const item of items) {
    if (isSystem(item) && !hasShape(item.extensions, "inline")) continue;
    const blocks = encodeItem(item, context);
    if (blocks.length === 0 && !isEmptyTurn(item, context)) continue;
    const turn = turnOfCall(item, turns, callTurns, context) ?? turnFor(item, turns);
    turn.blocks.push(...blocks);
    if (item.type === "tool_call") callTurns.set(item.callId, turns.length - 1);
  }
  const last = turns.at(-1);
  if (last?.role === "assistant") trimEnd(last, context);
  if (!context.native) addUserTurns(turns, items, context);
  return turns.map((turn) => encodeTurn(turn, context));
}

/** The index of the turn that made a call, by its id. */
type CallTurns = Map<string, number>;

/** The turn behind that of its call, for a result that comes later: other APIs let the assistant speak in between. */
function turnOfCall(item: Item, turns: Turn[], callTurns: CallTurns, context: EncodeContext): Turn | undefined {
  const made = item.type === "tool_result" && !context.native ? callTurns.get(item.callId) : undefined;
  const turn = made === undefined ? undefined : turns[made + 1];
  if (turn === undefined || turn === turns.at(-1)) return undefined;
  warn(context, "changed_field", "messages", "tool results were moved to the turn behind their calls");
  return turn;
}

/** A turn without content that the caller of this dialect wrote so. */
function isEmptyTurn(item: Item, context: EncodeContext): boolean {
  return context.native && item.type === "message" && (item.content.length === 0 || isSystem(item));
}

function turnFor(item: Item, turns: Turn[]): Turn {
  const role = roleOf(item);
  const last = turns.at(-1);
  const extensions = item.type === "opaque" ? undefined : item.extensions;
  const fields = item.type === "message" ? wireFields(item.extensions) : undefined;
  if (last !== undefined && last.role === role && role !== "system" && !hasShape(extensions, "turn")) {
    last.bare = false;
    if (fields !== undefined) last.fields = { ...last.fields, ...fields };
    return last;
  }
  const turn: Turn = { role, blocks: [], bare: item.type === "message" && hasShape(extensions, "bare"), fields };
  turns.push(turn);
  return turn;
}

/** The API refuses a final assistant text that ends with white space. */
function trimEnd(turn: Turn, context: EncodeContext): void {
  const block = turn.blocks.at(-1);
  if (block?.["type"] !== "text") return;
  const text = textOf(block["text"]);
  const trimmed = trimmedEnd(text, context.warnings);
  if (trimmed === text) return;
  if (trimmed === "") turn.blocks.pop();
  else block["text"] = trimmed;
}

/**
 * A conversation has to begin with the user and, at models without prefill, to end with the user or a tool; so it has where a
 * result came last and was moved. Other APIs also answer a system message that stands alone.
 */
function addUserTurns(turns: Turn[], items: readonly Item[], context: EncodeContext): void {
  const alone = items.length > 0 && items.every(isSystem);
  const filler = (): Turn => ({
    role: "user",
    blocks: [{ type: "text", text: FILLER }],
    bare: false,
    fields: undefined,
  });
  if (alone || turns[0]?.role === "assistant") {
    turns.unshift(filler());
    const place = alone ? "behind the system message" : "before the first assistant message";
    warn(context, "changed_field", "messages", `the user turn "${FILLER}" was put ${place}`);
  }
  const isAnswered = items.at(-1)?.type === "tool_result";
  if (turns.at(-1)?.role === "assistant" && (isAnswered || !context.traits.prefill)) {
    turns.push(filler());
    warn(context, "changed_field", "messages", `the user turn "${FILLER}" was put after the last assistant message`);
  }
}

function encodeTurn(turn: Turn, { native }: EncodeContext): WireMessage {
  const blocks = turn.role === "user" ? resultsFirst(turn.blocks) : native ? turn.blocks : callsLast(turn.blocks);
  const content = turn.bare ? (bareText(blocks) ?? blocks) : blocks;
  return { role: turn.role, content, ...turn.fields };
}
