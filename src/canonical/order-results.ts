import type { Item, ToolResultItem } from "./request.ts";

/**
 * The same items with the results of tools right behind the assistant's turn that called them. Responses pair them by their
 * id, whatever stands between (Codex puts notices there); OpenAI's chat refuses that ("assistant message with 'tool_calls' must
 * be followed by tool messages responding to each 'tool_call_id'"), as do Cohere and Claude on Bedrock ("tool_use ids were found
 * without tool_result blocks immediately after").
 */
export function orderResults(items: readonly Item[]): readonly Item[] {
  return isOrdered(items) ? items : reordered(items);
}

/** True when nothing but results stands between calls and their results. */
function isOrdered(items: readonly Item[]): boolean {
  const waiting = new Set<string>();
  let inTurn = false;
  for (const item of items) {
    if (item.type === "tool_result") waiting.delete(item.callId);
    else if (waiting.size > 0 && !(inTurn && isAssistants(item))) return false;
    inTurn = isAssistants(item);
    if (item.type === "tool_call") waiting.add(item.callId);
  }
  return true;
}

function isAssistants(item: Item): boolean {
  if (item.type === "message" || item.type === "opaque") return item.role === "assistant";
  return item.type !== "tool_result";
}

function reordered(items: readonly Item[]): Item[] {
  const results = resultsById(items);
  const placed = new Set<Item>();
  const out: Item[] = [];
  let calls: string[] = [];
  for (const [at, item] of items.entries()) {
    if (!placed.has(item)) {
      placed.add(item);
      out.push(item);
    }
    if (item.type === "tool_call") calls.push(item.callId);
    const next = items[at + 1];
    if (calls.length === 0 || (next !== undefined && isAssistants(next))) continue;
    for (const id of calls) placeResult(results.get(id), placed, out);
    calls = [];
  }
  return out;
}

/** Last first. Calls of several turns may share an id: each takes the next result. */
function resultsById(items: readonly Item[]): Map<string, ToolResultItem[]> {
  const found = new Map<string, ToolResultItem[]>();
  for (const item of items.toReversed()) {
    if (item.type !== "tool_result") continue;
    const list = found.get(item.callId);
    if (list === undefined) found.set(item.callId, [item]);
    else list.push(item);
  }
  return found;
}

function placeResult(results: ToolResultItem[] | undefined, placed: Set<Item>, out: Item[]): void {
  let next = results?.pop();
  while (next !== undefined && placed.has(next)) next = results?.pop();
  if (next === undefined) return;
  placed.add(next);
  out.push(next);
}
