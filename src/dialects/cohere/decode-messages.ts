import type { Part } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { Item, MessageItem, ToolResultItem } from "../../canonical/request.ts";
import { decodeAssistant } from "./decode-assistant.ts";
import { decodeParts } from "./decode-part.ts";
import { leftover, markShape } from "./own-fields.ts";
import { refuse } from "./refuse.ts";
import { textOf } from "./wire.ts";

type Decoder = (message: JsonObject, place: string, out: Item[]) => void;

/** By role (vendor SDK: `ChatMessageV2`). */
const DECODERS: Record<string, Decoder> = {
  system: (message, place, out) => void out.push(decodeMessage("system", message, place)),
  user: (message, place, out) => void out.push(decodeMessage("user", message, place)),
  assistant: (message, place, out) => decodeTurn(message, place, out),
  tool: (message, place, out) => void out.push(decodeResult(message, place)),
};

/** Appends the items of a conversation. One that is missing is left to the provider; throws `invalid_request` for what is none. */
export function decodeMessages(value: Json | undefined, out: Item[]): void {
  if (value === undefined) return;
  if (!Array.isArray(value)) refuse("messages", "must be a list of messages");
  for (const [at, message] of value.entries()) {
    const place = `messages[${at}]`;
    if (!isJsonObject(message)) refuse(place, "must be an object");
    const role = textOf(message["role"]);
    const decode = Object.hasOwn(DECODERS, role) ? DECODERS[role] : undefined;
    if (decode === undefined) refuse(`${place}.role`, "must be system, user, assistant or tool");
    decode(message, place, out);
  }
}

const MESSAGE_FIELDS = new Set(["role", "content"]);
const RESULT_FIELDS = new Set(["role", "content", "tool_call_id"]);

function decodeMessage(role: "system" | "user", message: JsonObject, place: string): MessageItem {
  const item: MessageItem = { type: "message", role, content: contentOf(message, place) };
  finish(item, message, MESSAGE_FIELDS);
  return item;
}

function decodeResult(message: JsonObject, place: string): ToolResultItem {
  const callId = message["tool_call_id"];
  if (typeof callId !== "string") refuse(`${place}.tool_call_id`, "must be the id of a call");
  const item: ToolResultItem = { type: "tool_result", callId, kind: "function", content: contentOf(message, place) };
  finish(item, message, RESULT_FIELDS);
  return item;
}

function contentOf({ content }: JsonObject, place: string): Part[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (!Array.isArray(content)) refuse(`${place}.content`, "must be a text or a list of content blocks");
  return decodeParts(content, `${place}.content`);
}

function finish(item: MessageItem | ToolResultItem, message: JsonObject, taken: ReadonlySet<string>): void {
  const rest = leftover(message, taken);
  if (rest !== undefined) item.extensions = rest;
  if (typeof message["content"] === "string") markShape(item, "bare");
}

/** Messages of the assistant that follow each other stay apart. */
function decodeTurn(message: JsonObject, place: string, out: Item[]): void {
  const last = out.at(-1);
  const isNext =
    last !== undefined && last.type !== "tool_result" && !(last.type === "message" && last.role !== "assistant");
  const items = decodeAssistant(message, place);
  const [first] = items;
  if (isNext && first !== undefined && first.type !== "opaque") markShape(first, "turn");
  for (const item of items) out.push(item);
}
