import type { ChatRequest, Item, MessageItem } from "../../canonical/request.ts";
import { windowOf } from "../../domain/classify/complexity/window.ts";

/** Steps of a conversation that are looked at: from its end for the last message, from its start for the system prompt. */
const MOST_STEPS = 1000;
const FIRST_STEPS = 20;

/** Text of a message, as far as it is looked at. */
export interface AskedText {
  /** Beginning and end. */
  text: string;
  /** Characters of all of it. */
  length: number;
}

const NONE: AskedText = { text: "", length: 0 };

/** What the last user message says; a window of at most `most` characters. */
export function lastUserText({ items }: ChatRequest, most: number): AskedText {
  const from = Math.max(0, items.length - MOST_STEPS);
  for (let at = items.length - 1; at >= from; at -= 1) {
    const found = userText(items[at], most);
    if (found.length > 0) return found;
  }
  return NONE;
}

/** What the system prompt says, in the messages that begin a conversation. */
export function systemText({ items }: ChatRequest, most: number): AskedText {
  const texts: string[] = [];
  for (let at = 0; at < items.length && at < FIRST_STEPS; at += 1) {
    const item = items[at];
    if (item?.type === "message" && (item.role === "system" || item.role === "developer")) addTexts(item, texts);
  }
  return windowOfTexts(texts, most);
}

/** Whether the model has answered already: else a conversation has only begun. */
export function hasAnswer({ items }: ChatRequest): boolean {
  const from = Math.max(0, items.length - MOST_STEPS);
  for (let at = items.length - 1; at >= from; at -= 1) {
    const item = items[at];
    if (item?.type === "tool_call" || item?.type === "tool_result") return true;
    if (item?.type === "message" && item.role === "assistant") return true;
  }
  return false;
}

function userText(item: Item | undefined, most: number): AskedText {
  if (item?.type !== "message" || item.role !== "user") return NONE;
  const texts: string[] = [];
  addTexts(item, texts);
  return windowOfTexts(texts, most);
}

/** Of a message in more parts than this, only those at its beginning and its end are looked at. */
const MOST_PARTS = 256;

function addTexts({ content }: MessageItem, texts: string[]): void {
  const half = MOST_PARTS / 2;
  const looked =
    content.length > MOST_PARTS ? [...content.slice(0, half), ...content.slice(content.length - half)] : content;
  for (const part of looked) if (part.type === "text" && part.text !== "") texts.push(part.text);
}

/** As of the joined texts, without joining more than is looked at. */
function windowOfTexts(texts: readonly string[], most: number): AskedText {
  const [first = ""] = texts;
  if (texts.length < 2) return { text: windowOf(first, most), length: first.length };
  let length = texts.length - 1;
  for (const text of texts) length += text.length;
  if (length <= most) return { text: texts.join("\n"), length };
  const head = gather(texts, most, 1);
  const tail = gather(texts.toReversed(), most, -1);
  return { text: windowOf(`${head}\n${tail}`, most), length };
}

function gather(texts: readonly string[], most: number, direction: 1 | -1): string {
  let gathered = "";
  for (const text of texts) {
    const part = direction === 1 ? text.slice(0, most) : text.slice(-most);
    if (gathered === "") gathered = part;
    else gathered = direction === 1 ? `${gathered}\n${part}` : `${part}\n${gathered}`;
    if (gathered.length >= most) break;
  }
  return gathered;
}
