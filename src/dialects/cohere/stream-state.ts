import type { JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { leftover } from "./own-fields.ts";
import { DIALECT, textOf } from "./wire.ts";

/** A content block, by its number on the wire. */
export interface Block {
  item: number;
  /** Number of the text within its message item. */
  part: number;
  isThought: boolean;
}

/** All that is known of one answer while it streams. */
export interface StreamState {
  phase: "waiting" | "open" | "done";
  /** Number of the next item. */
  next: number;
  /** The message item that texts share; stays open for the citations that follow; -1: none. */
  message: number;
  nextPart: number;
  /** The message item of the plan; -1: none. */
  plan: number;
  blocks: Map<number, Block>;
  /** Items of calls, by their number on the wire. */
  calls: Map<number, number>;
}

/** The state before the first event. */
export function newState(): StreamState {
  return {
    phase: "waiting",
    next: 0,
    message: -1,
    nextPart: 0,
    plan: -1,
    blocks: new Map(),
    calls: new Map(),
  };
}

const START_FIELDS = new Set(["type", "id", "delta"]);

/** Begins the answer with what `message-start` says, or with nothing. */
export function startAnswer(state: StreamState, event: JsonObject, out: StreamPart[]): void {
  state.phase = "open";
  const extensions = leftover(event, START_FIELDS) ?? { [DIALECT]: {} };
  out.push({ type: "start", id: textOf(event["id"]), model: "", createdAt: 0, extensions });
}

/** Ends all items that are open. */
export function closeAll(state: StreamState, out: StreamPart[]): void {
  for (const block of state.blocks.values()) if (block.isThought) out.push({ type: "item_end", index: block.item });
  state.blocks.clear();
  closeMessage(state, out);
  closePlan(state, out);
  for (const index of state.calls.values()) out.push({ type: "item_end", index });
  state.calls.clear();
}

/** Ends the item that texts share; later ones make another. */
export function closeMessage(state: StreamState, out: StreamPart[]): void {
  if (state.message !== -1) out.push({ type: "item_end", index: state.message });
  state.message = -1;
}

/** Ends the item of the plan. */
export function closePlan(state: StreamState, out: StreamPart[]): void {
  if (state.plan !== -1) out.push({ type: "item_end", index: state.plan });
  state.plan = -1;
}
