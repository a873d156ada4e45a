import type { Citation } from "../../canonical/content.ts";
import type { ReplyContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import type { ToolCallItem } from "../../canonical/request.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { Framing } from "./framing.ts";
import type { WirePart } from "./wire.ts";

export type PartOf<T extends StreamPart["type"]> = Extract<StreamPart, { type: T }>;

/** What is known of an item until it ends. */
export interface ItemState {
  candidate: number;
  /** Set for tool calls, whose arguments are gathered: the wire has them whole. */
  call?: ToolCallItem;
  /** State of a thought that was there from the start, until it has been sent. */
  opaque?: Opaque;
  /** The summary part of a thought that was last written. */
  summaryPart: number;
}

/** A text part's place in the candidate's text. */
export interface TextSpan {
  start: number;
  end: number;
}

export interface CandidateState {
  /** All text so far, for the byte offsets of citations: clients see the parts as one text. */
  text: string;
  /** Where each text part stands, by item and part number. */
  spans: Map<string, TextSpan>;
  /** The one that grew last. */
  last: { item: number; part: number; span: TextSpan } | undefined;
  cited: Array<{ key: string; citation: Citation }>;
}

export interface EncoderState {
  reply: ReplyContext;
  framing: Framing;
  items: Map<number, ItemState>;
  candidates: Map<number, CandidateState>;
  finishes: JsonObject[];
  /** The answer came from Gemini, whose fields are neither added to nor left out. */
  own: boolean;
  /** Fields of every chunk. */
  envelope: JsonObject;
  /** The JSON text after a chunk's candidates: usage and envelope. */
  tail: string;
  done: boolean;
}

/** The state of a new answer. */
export function encoderState(reply: ReplyContext, framing: Framing): EncoderState {
  const state: EncoderState = {
    reply,
    framing,
    items: new Map(),
    candidates: new Map(),
    finishes: [],
    own: false,
    envelope: { modelVersion: reply.model, responseId: reply.requestId },
    tail: "",
    done: false,
  };
  setTail(state);
  return state;
}

/** Usage, where known, then the envelope, as every chunk of the real API has them. */
export function setTail(state: EncoderState, usage?: JsonObject): void {
  const fields = usage === undefined ? state.envelope : { usageMetadata: usage, ...state.envelope };
  const json = JSON.stringify(fields);
  state.tail = json === "{}" ? "}" : `,${json.slice(1)}`;
}

/** The state of a candidate, made on its first appearance. */
export function candidateOf(state: EncoderState, index: number): CandidateState {
  let candidate = state.candidates.get(index);
  if (candidate === undefined) {
    candidate = { text: "", spans: new Map(), last: undefined, cited: [] };
    state.candidates.set(index, candidate);
  }
  return candidate;
}

/** Notes text of a part, which may come in any number of pieces. */
export function noteText(state: EncoderState, item: number, part: number, text: string): void {
  const candidate = candidateOf(state, state.items.get(item)?.candidate ?? 0);
  const { last } = candidate;
  candidate.text += text;
  if (last !== undefined && last.item === item && last.part === part) {
    last.span.end = candidate.text.length;
    return;
  }
  const key = `${item}:${part}`;
  const span = candidate.spans.get(key) ?? { start: candidate.text.length - text.length, end: 0 };
  span.end = candidate.text.length;
  candidate.spans.set(key, span);
  candidate.last = { item, part, span };
}

/** A chunk with text of one item. */
export function sendText(state: EncoderState, item: number, text: string): string {
  if (text === "") return "";
  const candidate = state.items.get(item)?.candidate ?? 0;
  const parts = `[{"text":${JSON.stringify(text)}}]`;
  return state.framing.chunk(
    `{"candidates":[{"content":{"parts":${parts},"role":"model"},"index":${candidate}}]${state.tail}`,
  );
}

/** A chunk with parts of one item. */
export function sendParts(state: EncoderState, item: number, parts: WirePart[], extra = ""): string {
  if (parts.length === 0) return "";
  const candidate = state.items.get(item)?.candidate ?? 0;
  const content = `{"content":{"parts":${JSON.stringify(parts)},"role":"model"},"index":${candidate}${extra}}`;
  return state.framing.chunk(`{"candidates":[${content}]${state.tail}`);
}
