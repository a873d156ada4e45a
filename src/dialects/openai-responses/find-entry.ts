import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { decodeOutputItem } from "./decode-output-item.ts";
import { ensureStart } from "./decode-stream-start.ts";
import { bareItem, startEntry } from "./decode-stream-item.ts";
import { addEntry } from "./stream-input.ts";
import type { InputEntry, Out, StreamInput } from "./stream-input.ts";
import { stringOf } from "./wire.ts";
import type { WireEvent } from "./wire.ts";

/**
 * The item that a delta belongs to: by `output_index`, else by `item_id`, else the last open one of that kind. A message
 * or reasoning item that was never announced begins with its first delta. Undefined when the delta belongs to nothing
 * that this kind of event could extend.
 */
export function entryOf(
  state: StreamInput,
  event: WireEvent,
  kind: "message" | "reasoning" | "tool_call",
  out: Out,
): InputEntry | undefined {
  const known = knownEntry(state, event, kind);
  if (known !== undefined) return known.kind === kind && !known.closed ? known : undefined;
  if (kind === "tool_call") return undefined;
  ensureStart(state, out);
  const id = stringOf(event.item_id) ?? "";
  const place = typeof event.output_index === "number" ? event.output_index : undefined;
  const entry = addEntry(state, kind, kind, id, place);
  startEntry(entry, decodeOutputItem(bareItem(kind, id), state.response, entry.index), out);
  return entry;
}

function knownEntry(state: StreamInput, event: WireEvent, kind: InputEntry["kind"]): InputEntry | undefined {
  if (typeof event.output_index === "number") return state.byIndex.get(event.output_index);
  const id = stringOf(event.item_id);
  const byId = id === undefined ? undefined : state.entries.findLast((entry) => entry.id === id);
  return byId ?? state.entries.findLast((entry) => entry.kind === kind && !entry.closed);
}

/** The entry of an item that is done; a new one when it was never announced. */
export function announcedEntry(state: StreamInput, item: JsonObject, outputIndex: Json | undefined): InputEntry {
  const known = typeof outputIndex === "number" ? state.byIndex.get(outputIndex) : openEntry(state, item);
  if (known !== undefined) return known;
  const kind = decodeOutputItem(item, state.response, state.entries.length).type;
  const place = typeof outputIndex === "number" ? outputIndex : undefined;
  return addEntry(state, kind, stringOf(item.type) ?? "", stringOf(item.id) ?? "", place);
}

function openEntry(state: StreamInput, item: JsonObject): InputEntry | undefined {
  const byId = state.entries.find((entry) => entry.id !== "" && entry.id === item.id);
  return byId ?? state.entries.find((entry) => entry.type === item.type && !entry.closed);
}

/**
 * The entries of a whole answer's items, in their order; undefined for an item that the stream did not show. Ids decide;
 * where a host changes them, the items of each type go together in order.
 */
export function matchEntries(state: StreamInput, output: readonly Json[]): (InputEntry | undefined)[] {
  const left = new Set(state.entries);
  const matches = output.map((item) => {
    const found = isJsonObject(item)
      ? state.entries.find((entry) => entry.id !== "" && entry.id === item.id)
      : undefined;
    if (found !== undefined) left.delete(found);
    return found;
  });
  return matches.map((match, place) => {
    const item = output[place];
    if (match !== undefined || !isJsonObject(item)) return match;
    const found = [...left].find((entry) => entry.type === item.type);
    if (found !== undefined) left.delete(found);
    return found;
  });
}
