import type { Item, ReasoningItem } from "../../canonical/request.ts";

/**
 * Puts the thoughts of another maker together again. A streamed answer reaches a Gemini client in pieces, with the
 * sealed state on the last one, and comes back so; its maker wants the one text that the state vouches for.
 * Gemini's own thoughts stay as they are. Changes the list in place.
 */
export function joinThoughts(items: Item[]): void {
  for (let end = items.length - 1; end > 0; end -= 1) {
    const item = items[end];
    if (item?.type !== "reasoning" || item.opaque === undefined || item.opaque.maker === "gemini") continue;
    const start = runStart(items, end);
    if (start < end) items.splice(start, end - start + 1, joined(items.slice(start, end + 1), item));
    end = start;
  }
}

/** Where the unsigned thoughts before a sealed one begin. */
function runStart(items: readonly Item[], end: number): number {
  let start = end;
  while (start > 0 && isUnsigned(items[start - 1])) start -= 1;
  return start;
}

function isUnsigned(item: Item | undefined): boolean {
  return item?.type === "reasoning" && item.opaque === undefined;
}

function joined(run: readonly Item[], sealed: ReasoningItem): ReasoningItem {
  const text = run.map((item) => (item.type === "reasoning" ? item.text + item.summary.join("") : "")).join("");
  const full = sealed.opaque?.maker === "anthropic-messages";
  const first = run[0];
  const item: ReasoningItem = { ...sealed, summary: full || text === "" ? [] : [text], text: full ? text : "" };
  if (first?.type === "reasoning" && first.extensions !== undefined) item.extensions = first.extensions;
  return item;
}
