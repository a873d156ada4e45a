import type { ReplyContext } from "../../canonical/dialect.ts";
import type { AudioPart } from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { FinishReason } from "../../canonical/response.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { Usage } from "../../canonical/usage.ts";
import { carriersOf, encodeOutputItem, outputItemId } from "./encode-output-item.ts";
import type { OutputItem } from "./encode-output-item.ts";
import { callFields } from "./namespaces.ts";
import type { CallFields } from "./namespaces.ts";
import { StreamWriter } from "./stream-writer.ts";

export type PartOf<T extends StreamPart["type"]> = Extract<StreamPart, { type: T }>;

/** A content part, or a part of a summary, that deltas are being written for. */
export interface OpenPart {
  kind: "text" | "refusal" | "reasoning" | "summary";
  /** Its number in the canonical stream. */
  number: number;
  /** `content_index` or `summary_index`. */
  index: number;
  /** The fields before the text of its deltas, as JSON text. */
  head: string;
}

/** An item that the stream to the client has opened. */
export interface OutputEntry {
  /** What was said of it so far. */
  item: OutputItem;
  id: string;
  /** `output_index`. */
  index: number;
  /** The fields before the text of a tool call's deltas, as JSON text. */
  head: string;
  open: OpenPart | undefined;
  /** `content_index` or `summary_index` of each part, by its number. */
  places: number[];
  /** Audio of the message. No event announces it as a part: clients number parts without it, so that it comes behind them. */
  audio: AudioPart[];
}

/** A provider-run item whose first event was relayed, and whose whole form is still to come. */
export interface RelayedItem {
  type: string;
  id: string;
  index: number;
}

/** The state of one stream to a client. */
export interface StreamOutput {
  reply: ReplyContext;
  writer: StreamWriter;
  answerId: string;
  start: PartOf<"start"> | undefined;
  /** By the canonical index; closed items leave. */
  entries: Map<number, OutputEntry>;
  /** Messages that are closed, whose sources may still come. */
  closed: Map<number, OutputEntry>;
  /** The items of the answer, by `output_index`; each is replaced by its last form when it ends. */
  output: JsonObject[];
  relayed: RelayedItem[];
  /** `output_index` that a relayed item has here, by the one it had upstream. */
  relayedIndexes: Map<number, number>;
  usage: Usage | undefined;
  finish: { reason: FinishReason; raw?: string };
  saidRefusal: boolean;
  /** See `showsTextAsSummary`. */
  textAsSummary: boolean;
  /** See `callFields`. */
  calls: CallFields;
  ended: boolean;
}

/** The state before the first part. */
export function streamOutput(reply: ReplyContext): StreamOutput {
  return {
    reply,
    writer: new StreamWriter(),
    answerId: "",
    start: undefined,
    entries: new Map(),
    closed: new Map(),
    output: [],
    relayed: [],
    relayedIndexes: new Map(),
    usage: undefined,
    finish: { reason: "stop" },
    saidRefusal: false,
    textAsSummary: false,
    calls: callFields(reply.request),
    ended: false,
  };
}

/** Opens an item: `response.output_item.added` with the item as it is before its content. */
export function openItem(state: StreamOutput, item: OutputItem, bare: JsonObject): OutputEntry {
  const index = state.output.length;
  const id = outputItemId(item, { answerId: state.answerId, index });
  const head = `"item_id":${JSON.stringify(id)},"output_index":${index},"delta":`;
  const wire = { ...encodeOutputItem(item, id, "in_progress"), ...bare };
  state.output.push(wire);
  state.writer.event("response.output_item.added", { output_index: index, item: wire });
  return { item, id, index, head, open: undefined, places: [], audio: [] };
}

/** Ends an item: `response.output_item.done` with all of it, and the carriers of its opaque state. */
export function closeItem(state: StreamOutput, entry: OutputEntry): void {
  const wire = encodeOutputItem(entry.item, entry.id, "completed");
  state.output[entry.index] = wire;
  state.writer.event("response.output_item.done", { output_index: entry.index, item: wire });
  const place = { answerId: state.answerId, index: entry.index };
  for (const carrier of carriersOf(entry.item, place)) wholeItem(state, carrier);
}

/** What was sent of the items that a failure cut off stands in the answer, as `incomplete`. A call keeps no made-up arguments. */
export function keepCutItems(state: StreamOutput): void {
  for (const { item, id, index, audio } of state.entries.values()) {
    if (item.type === "message") item.content.push(...audio);
    if (item.type === "tool_call" && item.arguments === "") continue;
    const wire = encodeOutputItem(item, id, "incomplete");
    state.output[index] = item.type === "reasoning" ? wire : { ...wire, status: "incomplete" };
  }
}

/** Adds an item at once: added and done. */
export function wholeItem(state: StreamOutput, wire: JsonObject): void {
  const index = state.output.length;
  state.output.push(wire);
  state.writer.event("response.output_item.added", { output_index: index, item: wire });
  state.writer.event("response.output_item.done", { output_index: index, item: wire });
}

/** The fields before the text of a part's deltas. */
export function partHead(entry: OutputEntry, field: "content_index" | "summary_index", index: number): string {
  return `"item_id":${JSON.stringify(entry.id)},"output_index":${entry.index},"${field}":${index},"delta":`;
}
