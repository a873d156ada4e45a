import type { Json, JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";

/** What was emitted of one text, refusal, reasoning or summary part. */
export interface SpokenText {
  /** Its number in the canonical stream. */
  number: number;
  text: string;
  citations: number;
  logprobs: boolean;
}

/** An item of the upstream's answer. */
export interface InputEntry {
  /** Canonical index. */
  index: number;
  kind: "message" | "reasoning" | "tool_call" | "opaque";
  /** Id in the event that began it; some hosts use another in each event. */
  id: string;
  /** Wire type, such as `web_search_call`. */
  type: string;
  /** `item_start` has been emitted. A call waits until its name is known; opaque items never have one. */
  started: boolean;
  closed: boolean;
  /** Text, refusal and reasoning parts by `content_index`. */
  content: Map<number, SpokenText>;
  /** By `summary_index`. */
  summary: Map<number, SpokenText>;
  /** Number of parts of the message that are neither text nor refusal and have been emitted. */
  media: number;
  arguments: string;
  /** Arguments that arrived before the call could start. */
  held: string;
}

/** The state of one upstream stream. */
export interface StreamInput {
  /** The response as far as it is known. */
  response: JsonObject;
  started: boolean;
  /** Terminal part emitted: everything after it is ignored. */
  ended: boolean;
  /** `[DONE]` was seen. */
  doneMark: boolean;
  /** By `output_index`. */
  byIndex: Map<number, InputEntry>;
  entries: InputEntry[];
}

/** The state before the first frame. */
export function streamInput(): StreamInput {
  return { response: {}, started: false, ended: false, doneMark: false, byIndex: new Map(), entries: [] };
}

/** Registers an item. Emits nothing. */
export function addEntry(
  state: StreamInput,
  kind: InputEntry["kind"],
  type: string,
  id: string,
  outputIndex: number | undefined,
): InputEntry {
  const entry: InputEntry = {
    index: state.entries.length,
    kind,
    id,
    type,
    started: false,
    closed: false,
    content: new Map(),
    summary: new Map(),
    media: 0,
    arguments: "",
    held: "",
  };
  state.entries.push(entry);
  if (outputIndex !== undefined) state.byIndex.set(outputIndex, entry);
  return entry;
}

/** A `content_index` or `summary_index`; hosts that leave it out mean the first. */
export function placeOf(place: Json | undefined): number {
  return typeof place === "number" && place >= 0 ? place : 0;
}

/** The part at that place of a map; made, with the next number, when it is new. */
export function spokenAt(parts: Map<number, SpokenText>, place: number): SpokenText {
  const known = parts.get(place);
  if (known !== undefined) return known;
  const made: SpokenText = { number: parts.size, text: "", citations: 0, logprobs: false };
  parts.set(place, made);
  return made;
}

/** What of the whole text has not been emitted; empty when the deltas said something else than it. */
export function missingText(whole: string, said: string): string {
  if (whole.length <= said.length) return "";
  return said === "" || whole.startsWith(said) ? whole.slice(said.length) : "";
}

/** A list that parts are appended to. */
export type Out = StreamPart[];
