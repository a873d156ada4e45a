import type { JsonObject } from "../../canonical/json.ts";
import { messageWriter } from "../../lib/eventstream/message.ts";

/** The block that is open on the wire: there is never more than one. `out` receives the messages of one part. */
export interface BlockWriter {
  /** Index of the next block. */
  next: number;
  isOpen: boolean;
  /** Whether the blocks written so far include a tool call. */
  hasToolUse: boolean;
  /** Whether the model refused in words of its own. */
  hasRefusal: boolean;
  out: Uint8Array[];
}

const EVENTS = [
  "messageStart",
  "contentBlockStart",
  "contentBlockDelta",
  "contentBlockStop",
  "messageStop",
  "metadata",
] as const;
type EventName = (typeof EVENTS)[number];

const headersOf = (event: string): Record<string, string> => ({
  ":event-type": event,
  ":content-type": "application/json",
  ":message-type": "event",
});

const WRITERS = Object.fromEntries(EVENTS.map((event) => [event, messageWriter(headersOf(event))])) as Record<
  EventName,
  (payload: string) => Uint8Array
>;

/** Writes one event. */
export function writeEvent(writer: BlockWriter, event: EventName, body: JsonObject): void {
  writer.out.push(WRITERS[event](JSON.stringify(body)));
}

/** Writes an event that canonical did not know, as it came. */
export function writeUnknown(writer: BlockWriter, event: string, data: string): void {
  writer.out.push(messageWriter(headersOf(event))(data));
}

/** Writes an exception, which ends the stream. */
export function writeException(writer: BlockWriter, name: string, body: JsonObject): void {
  const headers = { ":exception-type": name, ":content-type": "application/json", ":message-type": "exception" };
  writer.out.push(messageWriter(headers)(JSON.stringify(body)));
}

/** Opens a block; those of text and reasoning have no event of their own for that. */
export function startBlock(writer: BlockWriter, start: JsonObject | undefined): void {
  writer.isOpen = true;
  if (start === undefined) return;
  if (start["toolUse"] !== undefined) writer.hasToolUse = true;
  writeEvent(writer, "contentBlockStart", { start, contentBlockIndex: writer.next });
}

/** A delta of the open block. */
export function writeDelta(writer: BlockWriter, delta: JsonObject): void {
  writeEvent(writer, "contentBlockDelta", { contentBlockIndex: writer.next, delta });
}

/** The deltas that make up most of a stream, with one text within. */
const TEXT_DELTAS = {
  text: ['{"text":', "}"],
  reasoning: ['{"reasoningContent":{"text":', "}}"],
  input: ['{"toolUse":{"input":', "}}"],
} as const;

/** A delta of text, reasoning or arguments, of the open block. */
export function writeTextDelta(writer: BlockWriter, kind: keyof typeof TEXT_DELTAS, text: string): void {
  const [before, after] = TEXT_DELTAS[kind];
  const delta = before + JSON.stringify(text) + after;
  writer.out.push(WRITERS.contentBlockDelta(`{"contentBlockIndex":${writer.next},"delta":${delta}}`));
}

/** Closes the open block, if there is one. */
export function stopBlock(writer: BlockWriter): void {
  if (!writer.isOpen) return;
  writer.isOpen = false;
  writeEvent(writer, "contentBlockStop", { contentBlockIndex: writer.next });
  writer.next += 1;
}

/** A block of one delta. */
export function writeWhole(writer: BlockWriter, start: JsonObject | undefined, delta: JsonObject): void {
  startBlock(writer, start);
  writeDelta(writer, delta);
  stopBlock(writer);
}
