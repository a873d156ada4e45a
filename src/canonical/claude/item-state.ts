import type { Opaque } from "../opaque.ts";
import type { StreamPart } from "../stream-part.ts";

type PartOf<T extends StreamPart["type"]> = Extract<StreamPart, { type: T }>;

/** A part that belongs to one item. */
export type ItemPart = Extract<StreamPart, { index: number }>;

const NO_THOUGHT = -1;
const TEXT_THOUGHT = -2;

/** An item of an answer while it streams as blocks. */
export interface ItemState {
  kind: PartOf<"item_start">["kind"] | "opaque";
  callId: string;
  /** Free text of a custom tool has to be written as JSON, piece by piece. */
  isFreeText: boolean;
  /** The text part whose block is open; -1 when none is. */
  part: number;
  /** Which thought the last text belonged to, to set thoughts apart: the number of a summary, or one of the two above. */
  thought: number;
  isEnded: boolean;
  /** A thought's state that came at its start: whether text goes with it shows at its end. */
  opaque: Opaque | undefined;
  /** Parts that wait until the open tool call has ended. */
  held: ItemPart[];
}

/** The state of an item that just appeared. */
export function newItem(part: ItemPart): ItemState {
  const isStart = part.type === "item_start";
  return {
    kind: isStart ? part.kind : "opaque",
    callId: isStart ? (part.callId ?? "") : "",
    isFreeText: isStart && part.toolKind === "custom",
    part: -1,
    thought: NO_THOUGHT,
    isEnded: false,
    opaque: isStart && part.kind === "reasoning" ? part.opaque : undefined,
    held: [],
  };
}

/** What sets a piece of thought apart from the one before it: nothing, or a blank line. */
export function thoughtGap(part: PartOf<"reasoning_delta">, item: ItemState): string {
  const thought = part.channel === "text" ? TEXT_THOUGHT : part.part;
  const isNext = item.thought !== NO_THOUGHT && item.thought !== thought;
  item.thought = thought;
  return isNext ? "\n\n" : "";
}
