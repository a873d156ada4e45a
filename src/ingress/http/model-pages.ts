import { GatewayError } from "../../canonical/errors.ts";
import type { ModelShape } from "./models.ts";

/** Names in the query of what asks for a page: how many, behind which, before which. */
interface Paging {
  size: string;
  after: string;
  before?: string;
}

/**
 * Shapes whose lists have pages: https://docs.anthropic.com/en/api/models-list, https://ai.google.dev/api/models#method:-models.list,
 * https://docs.cohere.com/reference/list-models.
 */
const PAGING: Partial<Record<ModelShape, Paging>> = {
  "anthropic-messages": { size: "limit", after: "after_id", before: "before_id" },
  gemini: { size: "pageSize", after: "pageToken" },
  cohere: { size: "page_size", after: "page_token" },
};

/** No page is larger, at any of the vendors. */
const MOST = 1000;

/** A part of a list, in its order. */
export interface Page<T> {
  items: readonly T[];
  /** More lie in the direction that was asked for. */
  hasMore: boolean;
}

/**
 * The part of a list that a query asks for, by the ids of its neighbours; all of it where nothing is asked: vendors give twenty to
 * fifty then, which clients that know no pages would take for everything. Throws `invalid_request` for a size that is none and
 * for an id that is not in the list.
 */
export function pageOf<T extends { id: string }>(
  items: readonly T[],
  shape: ModelShape,
  query: URLSearchParams,
): Page<T> {
  const paging = PAGING[shape];
  if (paging === undefined) return { items, hasMore: false };
  const size = sizeOf(paging.size, query.get(paging.size));
  const before = paging.before === undefined ? null : query.get(paging.before);
  const after = query.get(paging.after);
  if (before === null || paging.before === undefined) {
    const start = after === null ? 0 : placeOf(items, paging.after, after) + 1;
    return { items: items.slice(start, start + size), hasMore: start + size < items.length };
  }
  if (after !== null) throw refusal(paging.before, `not together with ${paging.after}`);
  const end = placeOf(items, paging.before, before);
  return { items: items.slice(Math.max(0, end - size), end), hasMore: end > size };
}

function sizeOf(name: string, text: string | null): number {
  if (text === null) return Infinity;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw refusal(name, `a whole number from 1 to ${MOST}, not ${quoted(text)}`);
  return Math.min(MOST, Number(text));
}

function placeOf(items: readonly { id: string }[], name: string, id: string): number {
  const place = items.findIndex((item) => item.id === id);
  if (place < 0) throw refusal(name, `no model ${quoted(id)} here`);
  return place;
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}

function refusal(param: string, message: string): GatewayError {
  return new GatewayError("invalid_request", `${param}: ${message}`, { param });
}
