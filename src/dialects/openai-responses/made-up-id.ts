import type { Item } from "../../canonical/request.ts";

const MARK = "_tl_";
const CALL_CARRIER = "rs_tlcall_";
const TEXT_CARRIER = "rs_tltext_";

/**
 * An item id for clients where the upstream gave none, the same each time for the same answer and place. It names its
 * kind as the vendor's ids do (`msg`, `rs`, `fc`, `ctc`, `ig`), and is left out again when the item goes to an upstream,
 * which would look for it in vain.
 */
export function madeUpId(prefix: string, answerId: string, place: number): string {
  return `${prefix}${MARK}${answerId.replace(/[^A-Za-z0-9]/g, "")}_${place}`;
}

/** True for ids of this file. */
export function isMadeUp(id: string): boolean {
  return id.includes(MARK) || id.startsWith(CALL_CARRIER) || id.startsWith(TEXT_CARRIER);
}

/**
 * True of a thought that a provider of another dialect told without state of its own: "Item with id 'rs_…' not found" is what
 * the vendor answers to its id.
 */
export function isMadeUpThought(item: Item): boolean {
  return item.type === "reasoning" && item.opaque === undefined && item.id !== undefined && isMadeUp(item.id);
}

/** Id of a reasoning item that exists only to carry the opaque state of a tool call. */
export function callCarrierId(callId: string): string {
  return CALL_CARRIER + callId;
}

/** Id of a reasoning item that exists only to carry the opaque state of text part `part` of the message before it. */
export function textCarrierId(part: number, answerId: string, place: number): string {
  return `${TEXT_CARRIER}${part}_${answerId.replace(/[^A-Za-z0-9]/g, "")}_${place}`;
}

export type Carried = { type: "call"; callId: string } | { type: "text"; part: number };

/** What the reasoning item of this id carries, when it is a carrier. */
export function carriedBy(id: string): Carried | undefined {
  if (id.startsWith(CALL_CARRIER)) return { type: "call", callId: id.slice(CALL_CARRIER.length) };
  if (id.startsWith(TEXT_CARRIER))
    return { type: "text", part: Number.parseInt(id.slice(TEXT_CARRIER.length), 10) || 0 };
  return undefined;
}
