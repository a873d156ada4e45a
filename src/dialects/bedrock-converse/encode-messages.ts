import { roleOf, trimmedEnd } from "../../canonical/claude/turns.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { orderResults } from "../../canonical/order-results.ts";
import type { Item, MessageItem } from "../../canonical/request.ts";
import { warn, type EncodeContext } from "./encode-context.ts";
import { encodeItem } from "./encode-items.ts";
import { hasShape, wireFields } from "./own-fields.ts";
import { textOf, type WireBlock, type WireMessage } from "./wire.ts";

/** One turn while it is put together. */
interface Turn {
  role: WireMessage["role"];
  blocks: WireBlock[];
  /** Fields beside role and content. */
  fields: JsonObject | undefined;
}

/** Stand in where the API wants words of the user and the conversation has none. */
const FILLER = "Continue.";
const BESIDE_DOCUMENT = "See the document.";

/** The system prompt: all system and developer messages but those that stand among the turns on this wire too. */
export function encodeSystem(items: readonly Item[], context: EncodeContext): WireBlock[] | undefined {
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
  const blocks = gathered.flatMap((item) => encodeItem(item, context));
  return blocks.length > 0 || (context.native && gathered.length > 0) ? blocks : undefined;
}

function isSystem(item: Item): item is MessageItem {
  return item.type === "message" && (item.role === "system" || item.role === "developer");
}

/**
 * The turns of a conversation. Items of one side in a row become one turn, with tool results first; a caller of this
 * dialect keeps the turns that it wrote.
 */
export function encodeMessages(items: readonly Item[], context: EncodeContext): WireMessage[] {
  const turns: Turn[] = [];
  for (const item of context.native ? items : orderResults(items)) {
    if (isSystem(item) && !hasShape(item.extensions, "inline")) continue;
    const blocks = encodeItem(item, context);
    if (blocks.length === 0 && !(context.native && item.type === "message")) continue;
    turnFor(item, turns).blocks.push(...blocks);
  }
  if (!context.native) mend(turns, items.length > 0 && items.every(isSystem), context);
  return turns.map(({ role, blocks, fields }) => ({ role, content: blocks, ...fields }));
}

function turnFor(item: Item, turns: Turn[]): Turn {
  const role = roleOf(item);
  const last = turns.at(-1);
  const extensions = item.type === "opaque" ? undefined : item.extensions;
  const fields = item.type === "message" ? wireFields(item.extensions) : undefined;
  if (last !== undefined && last.role === role && role !== "system" && !hasShape(extensions, "turn")) {
    if (fields !== undefined) last.fields = { ...last.fields, ...fields };
    return last;
  }
  const turn: Turn = { role, blocks: [], fields };
  turns.push(turn);
  return turn;
}

/** What the API demands of a conversation, and callers of other dialects do not know. */
function mend(turns: Turn[], alone: boolean, context: EncodeContext): void {
  const last = turns.at(-1);
  if (last?.role === "assistant") trimEnd(last, context);
  addUserTurns(turns, alone, context);
  for (const turn of turns) {
    if (turn.role !== "user") continue;
    turn.blocks = resultsFirst(turn.blocks);
    addWords(turn, context);
  }
}

/** Claude refuses a final assistant text that ends with white space. */
function trimEnd(turn: Turn, context: EncodeContext): void {
  const block = turn.blocks.at(-1);
  const text = textOf(block?.["text"]);
  const trimmed = trimmedEnd(text, context.warnings);
  if (block !== undefined && trimmed !== text) block["text"] = trimmed;
}

/**
 * A conversation has to begin with the user and, at models without prefill, to end with the user or a tool. Other APIs also
 * answer a system message that stands `alone`.
 */
function addUserTurns(turns: Turn[], alone: boolean, context: EncodeContext): void {
  const filler = (): Turn => ({ role: "user", blocks: [{ text: FILLER }], fields: undefined });
  if (alone || turns[0]?.role === "assistant") {
    turns.unshift(filler());
    const place = alone ? "behind the system message" : "before the first assistant message";
    warn(context, "changed_field", "messages", `the user turn "${FILLER}" was put ${place}`);
  }
  if (turns.at(-1)?.role === "assistant" && !context.family.prefill) {
    turns.push(filler());
    warn(context, "changed_field", "messages", `the user turn "${FILLER}" was put after the last assistant message`);
  }
}

function resultsFirst(blocks: WireBlock[]): WireBlock[] {
  const results: WireBlock[] = [];
  const others: WireBlock[] = [];
  let list = others;
  for (const block of blocks) {
    if (block["cachePoint"] === undefined) list = block["toolResult"] === undefined ? others : results;
    list.push(block);
  }
  return [...results, ...others];
}

/** A document needs a text beside it (AWS SDK: `Message`). */
function addWords(turn: Turn, context: EncodeContext): void {
  const hasDocument = turn.blocks.some((block) => block["document"] !== undefined);
  if (!hasDocument || turn.blocks.some((block) => block["text"] !== undefined)) return;
  turn.blocks.push({ text: BESIDE_DOCUMENT });
  warn(context, "changed_field", "messages", `"${BESIDE_DOCUMENT}" was put beside a document without words`);
}

/** True when the assistant turn whose tool results come last, or that is to be continued, begins without reasoning of its maker. */
export function goesOnUnthought(messages: readonly WireMessage[]): boolean {
  const last = messages.at(-1);
  const answersTools = last?.role === "user" && last.content[0]?.["toolResult"] !== undefined;
  const turn = answersTools ? messages.at(-2) : last;
  return turn?.role === "assistant" && turn.content[0]?.["reasoningContent"] === undefined;
}
