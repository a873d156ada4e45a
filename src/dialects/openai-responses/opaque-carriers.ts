import type { Opaque } from "../../canonical/opaque.ts";
import type { Item, ReasoningItem } from "../../canonical/request.ts";
import { carriedBy, type Carried } from "./made-up-id.ts";
import { DIALECT } from "./wire.ts";

/**
 * Clients of this dialect carry opaque state only in `encrypted_content` of reasoning items. Where another maker's state
 * belongs to a tool call or a text part, the encoder adds a reasoning item for it (`made-up-id.ts`). This puts the
 * state back where it belongs and takes those items out of the list.
 */
export function returnOpaques(items: Item[]): Item[] {
  if (!items.some(isCarrier)) return items;
  const kept: Item[] = [];
  const calls = new Map<string, Opaque>();
  for (const item of items) {
    if (!isCarrier(item)) kept.push(item);
    else returnOpaque(item, kept, calls);
  }
  for (const item of kept) {
    const opaque = item.type === "tool_call" ? calls.get(item.callId) : undefined;
    if (opaque !== undefined && item.type === "tool_call") item.opaque = opaque;
  }
  return kept;
}

function isCarrier(item: Item): item is Carrier {
  if (item.type !== "reasoning" || item.opaque === undefined) return false;
  return item.opaque.maker !== DIALECT && carriedOf(item as Carrier) !== undefined;
}

type Carrier = ReasoningItem & { opaque: Opaque };

/** Clients may leave the id of an item out; the one that was sealed with the state comes back in any case. */
function carriedOf({ id, opaque }: Carrier): Carried | undefined {
  return carriedBy(opaque.id ?? "") ?? carriedBy(id ?? "");
}

function returnOpaque(carrier: Carrier, before: Item[], calls: Map<string, Opaque>): void {
  const carried = carriedOf(carrier);
  const { id, ...state } = carrier.opaque;
  const opaque: Opaque = id === undefined || carriedBy(id) !== undefined ? state : carrier.opaque;
  if (carried?.type === "call") calls.set(carried.callId, opaque);
  if (carried?.type !== "text") return;
  const message = before.findLast((item) => item.type === "message" && item.role === "assistant");
  if (message?.type !== "message") return;
  const text = message.content.filter((part) => part.type === "text" || part.type === "refusal")[carried.part];
  if (text?.type === "text") text.opaque = opaque;
}
