import type { Json, JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { encodeCitation } from "./citations.ts";
import { encodeLogprobs } from "./logprobs.ts";
import { hasShape } from "./own-fields.ts";
import { DIALECT, textOf } from "./wire.ts";

type PartOf<T extends StreamPart["type"]> = Extract<StreamPart, { type: T }>;

/** The parts that belong to an item. */
export type ItemPart = PartOf<
  | "item_start"
  | "text_delta"
  | "refusal_delta"
  | "reasoning_delta"
  | "item_opaque"
  | "tool_delta"
  | "citation"
  | "media"
  | "item_end"
  | "opaque_item"
>;

/** How many of each are on the wire. */
export interface Writer {
  blocks: number;
  calls: number;
  citations: number;
}

/** An item while it streams. */
export interface ItemState {
  kind: "message" | "reasoning" | "tool_call" | "other";
  isPlan: boolean;
  /** Arguments are the free text of a custom tool. */
  isFreeText: boolean;
  hasArguments: boolean;
  /** Number of its open block, or of its call; -1: none. */
  wireIndex: number;
  /** Number of its last block, open or not. */
  lastIndex: number;
  /** Which text or thought the open block holds. */
  part: number;
  /** The wire object of the last citation: those with several sources come several times. */
  cited: JsonObject | undefined;
}

/** An item with nothing on the wire. */
export function newItem(part: ItemPart): ItemState {
  const isStart = part.type === "item_start";
  return {
    kind: isStart ? part.kind : "other",
    isPlan: isStart && hasShape(part.extensions, "plan"),
    isFreeText: isStart && part.toolKind === "custom",
    hasArguments: false,
    wireIndex: -1,
    lastIndex: 0,
    part: -1,
    cited: undefined,
  };
}

/** The events of a part. */
export function writeItemPart(part: ItemPart, item: ItemState, writer: Writer): string {
  switch (part.type) {
    case "item_start":
      return part.kind === "tool_call" ? startCall(part, item, writer) : "";
    case "text_delta":
      return item.isPlan ? planDelta(part.text) : writeText(part.text, part.part, part.logprobs, item, writer);
    case "refusal_delta":
      return writeText(part.text, part.part, undefined, item, writer);
    case "reasoning_delta":
      return writeThought(part, item, writer);
    case "tool_delta":
      return writeArguments(part.text, item);
    case "citation":
      return writeCitation(part, item, writer);
    case "item_end":
      return endItem(item);
    default:
      return "";
  }
}

/** The text of one event; the fields are JSON. */
function event(type: string, fields: string): string {
  return `event: ${type}\ndata: {"type":"${type}",${fields}}\n\n`;
}

function planDelta(text: string): string {
  return text === "" ? "" : event("tool-plan-delta", `"delta":{"message":{"tool_plan":${JSON.stringify(text)}}}`);
}

function contentEvent(type: string, index: number, content: string, more = ""): string {
  return event(type, `"index":${index},"delta":{"message":{"content":${content}}}${more}`);
}

function openBlock(kind: "text" | "thinking", part: number, item: ItemState, writer: Writer): string {
  if (item.wireIndex !== -1 && item.part === part) return "";
  const closed = closeBlock(item);
  item.wireIndex = writer.blocks++;
  item.lastIndex = item.wireIndex;
  item.part = part;
  return closed + contentEvent("content-start", item.wireIndex, `{"type":"${kind}","${kind}":""}`);
}

function closeBlock(item: ItemState): string {
  if (item.wireIndex === -1) return "";
  const index = item.wireIndex;
  item.wireIndex = -1;
  return event("content-end", `"index":${index}`);
}

function writeText(text: string, part: number, logprobs: Json | undefined, item: ItemState, writer: Writer): string {
  const opened = openBlock("text", part, item, writer);
  const entries = encodeLogprobs(logprobs) ?? [];
  if (text === "" && entries.length === 0) return opened;
  const [first] = entries;
  const more =
    first === undefined ? "" : `,"logprobs":${JSON.stringify(entries.length === 1 ? first : joined(entries))}`;
  return opened + contentEvent("content-delta", item.wireIndex, `{"text":${JSON.stringify(text)}}`, more);
}

/** An event has one entry, which may be of several tokens. */
function joined(entries: readonly JsonObject[]): JsonObject {
  return {
    text: entries.map(({ text }) => textOf(text)).join(""),
    token_ids: entries.flatMap(({ token_ids }) => (Array.isArray(token_ids) ? token_ids : [])),
    logprobs: entries.flatMap(({ logprobs }) => (Array.isArray(logprobs) ? logprobs : [])),
  };
}

/** Full text and summaries in one block, parted by blank lines. */
function writeThought(part: PartOf<"reasoning_delta">, item: ItemState, writer: Writer): string {
  if (part.text === "") return "";
  const thought = part.channel === "text" ? Number.MAX_SAFE_INTEGER : part.part;
  const gap = item.part !== -1 && item.part !== thought ? "\n\n" : "";
  const opened = item.wireIndex === -1 ? openBlock("thinking", thought, item, writer) : "";
  item.part = thought;
  const content = `{"thinking":${JSON.stringify(gap + part.text)}}`;
  return opened + contentEvent("content-delta", item.wireIndex, content);
}

function startCall(part: PartOf<"item_start">, item: ItemState, writer: Writer): string {
  item.wireIndex = writer.calls++;
  const call = { id: part.callId ?? "", type: "function", function: { name: part.name ?? "", arguments: "" } };
  const started = event(
    "tool-call-start",
    `"index":${item.wireIndex},"delta":{"message":{"tool_calls":${JSON.stringify(call)}}}`,
  );
  return started + (item.isFreeText ? argumentsDelta('{"input":"', item) : "");
}

function argumentsDelta(text: string, item: ItemState): string {
  const delta = `{"message":{"tool_calls":{"function":{"arguments":${JSON.stringify(text)}}}}}`;
  return event("tool-call-delta", `"index":${item.wireIndex},"delta":${delta}`);
}

function writeArguments(text: string, item: ItemState): string {
  if (text === "" || item.kind !== "tool_call") return "";
  item.hasArguments = true;
  return argumentsDelta(item.isFreeText ? JSON.stringify(text).slice(1, -1) : text, item);
}

/** What the citation is about is known by its place: the text was sent before. */
function writeCitation(part: PartOf<"citation">, item: ItemState, writer: Writer): string {
  const { raw } = part.citation;
  const own = raw?.dialect === DIALECT ? raw.value : undefined;
  if (own !== undefined && own === item.cited) return "";
  item.cited = own;
  const wire = own ?? encodeCitation(part.citation, "", item.lastIndex);
  const index = writer.citations++;
  const started = event("citation-start", `"index":${index},"delta":{"message":{"citations":${JSON.stringify(wire)}}}`);
  return started + event("citation-end", `"index":${index}`);
}

function endItem(item: ItemState): string {
  if (item.kind !== "tool_call") return closeBlock(item);
  const rest = item.isFreeText ? argumentsDelta('"}', item) : item.hasArguments ? "" : argumentsDelta("{}", item);
  return `${rest}${event("tool-call-end", `"index":${item.wireIndex}`)}`;
}
