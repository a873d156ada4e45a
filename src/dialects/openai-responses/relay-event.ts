import type { JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { PartOf, RelayedItem, StreamOutput } from "./stream-output.ts";
import { wholeItem } from "./stream-output.ts";
import { DIALECT, stringOf } from "./wire.ts";

/**
 * Relays an event that only this dialect knows, such as the progress of a provider-run tool. It stays as it was, but for
 * its `sequence_number` and `output_index` where this stream's numbers differ. One before `response.created` is left
 * out: clients take that for the first.
 */
export function relayEvent(state: StreamOutput, part: PartOf<"unknown">): void {
  if (part.dialect !== DIALECT || state.start === undefined) return;
  const event = parseEvent(part.data);
  if (event === undefined) return;
  if (part.event === "response.output_item.added") addRelayed(state, event);
  const changes = changedNumbers(state, event);
  const data = changes === undefined ? part.data : JSON.stringify({ ...event, ...changes });
  state.writer.written(part.event, data);
}

function parseEvent(data: string): JsonObject | undefined {
  try {
    const event: unknown = JSON.parse(data);
    return isJsonObject(event) ? event : undefined;
  } catch {
    return undefined;
  }
}

/** The item takes a place in the answer now, in its unfinished form. */
function addRelayed(state: StreamOutput, event: JsonObject): void {
  const item = isJsonObject(event.item) ? event.item : {};
  const index = state.output.push(item) - 1;
  if (typeof event.output_index === "number") state.relayedIndexes.set(event.output_index, index);
  state.relayed.push({ type: stringOf(item.type) ?? "", id: stringOf(item.id) ?? "", index });
}

function changedNumbers(state: StreamOutput, event: JsonObject): JsonObject | undefined {
  const changes: JsonObject = {};
  const { nextSequence } = state.writer;
  if (event.sequence_number !== nextSequence) changes.sequence_number = nextSequence;
  const index = typeof event.output_index === "number" ? state.relayedIndexes.get(event.output_index) : undefined;
  if (index !== undefined && index !== event.output_index) changes.output_index = index;
  for (const _ in changes) return changes;
  return undefined;
}

/** Writes a whole provider-run item: it ends the one whose first event was relayed, or is added at once. */
export function writeOpaqueItem(state: StreamOutput, part: PartOf<"opaque_item">): void {
  if (part.dialect !== DIALECT) return;
  const begun = takeRelayed(state, part.value);
  if (begun === undefined) return wholeItem(state, part.value);
  state.output[begun.index] = part.value;
  state.writer.event("response.output_item.done", { output_index: begun.index, item: part.value });
}

/** By id, or, for hosts that change ids within a stream, the first of the same type. */
function takeRelayed(state: StreamOutput, value: JsonObject): RelayedItem | undefined {
  const { relayed } = state;
  const byId = relayed.findIndex((item) => item.id !== "" && item.id === value.id);
  const found = byId >= 0 ? byId : relayed.findIndex((item) => item.type === value.type);
  return found >= 0 ? relayed.splice(found, 1)[0] : undefined;
}
