import type { JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { CallIds } from "./call-ids.ts";

/** The item that is being streamed. */
export interface OpenItem {
  index: number;
  kind: "message" | "reasoning" | "tool_call";
  /** Number of the current text part; -1 before the first. */
  part: number;
  /** The next text begins a part of its own: nothing came yet, or a signature or media closed the one before. */
  fresh: boolean;
  /** Arguments of a call that arrive in pieces. */
  args?: JsonObject;
}

export interface CandidateState {
  index: number;
  open: OpenItem | undefined;
  /** The last text part, which sources that come after it belong to. */
  said: { index: number; part: number } | undefined;
  finishReason: string | undefined;
  calledTools: boolean;
  /** All text so far, for the offsets of citations. */
  text: string;
  /** Candidate fields without a canonical name; later chunks overrule earlier ones. */
  kept: JsonObject;
  /** Citations already given out; the metadata is repeated from chunk to chunk. */
  cited: Set<string>;
}

/** State of one streamed answer. */
export interface StreamState {
  out: StreamPart[];
  started: boolean;
  done: boolean;
  nextIndex: number;
  /** Of the model that answers, which decides how searches are billed. */
  generation: number;
  ids: CallIds;
  candidates: Map<number, CandidateState>;
  blockReason: string | undefined;
  /** Response fields of later chunks without a canonical name. */
  kept: JsonObject;
  serviceTier: string | undefined;
  queries: Set<string>;
}

/** The state of a candidate, made on its first appearance. */
export function candidateOf(state: StreamState, index: number): CandidateState {
  const known = state.candidates.get(index);
  if (known !== undefined) return known;
  const made: CandidateState = {
    index,
    open: undefined,
    said: undefined,
    finishReason: undefined,
    calledTools: false,
    text: "",
    kept: {},
    cited: new Set(),
  };
  state.candidates.set(index, made);
  return made;
}

/** The open item when it is of this kind; else closes what is open and starts one. */
export function openItem(kind: "message" | "reasoning", candidate: CandidateState, state: StreamState): OpenItem {
  if (candidate.open?.kind === kind) return candidate.open;
  closeItem(candidate, state);
  const open: OpenItem = { index: (state.nextIndex += 1) - 1, kind, part: -1, fresh: true };
  candidate.open = open;
  state.out.push({ type: "item_start", index: open.index, candidate: candidate.index, kind });
  return open;
}

/** Ends the open item, if any; a call whose arguments came in pieces gives them out now. */
export function closeItem(candidate: CandidateState, state: StreamState): void {
  const { open } = candidate;
  if (open === undefined) return;
  candidate.open = undefined;
  if (open.args !== undefined)
    state.out.push({ type: "tool_delta", index: open.index, text: JSON.stringify(open.args) });
  state.out.push({ type: "item_end", index: open.index });
}
