import type { LogStore } from "../domain/log/port.ts";
import { encodeCursor } from "../domain/log/cursor.ts";
import { detailRecord, presentRecord, type DetailedRecord, type PresentedRecord } from "../domain/log/present.ts";
import { readLogQuery } from "./log-query.ts";

/** A page of `GET /api/logs`. */
export interface LogListing {
  /** Newest first. */
  data: PresentedRecord[];
  /** For the query parameter `cursor` of the next page; null on the last one. */
  next_cursor: string | null;
}

/** Lists records. Throws a `GatewayError` (`invalid_request`, with `param`) for a query that `readLogQuery` refuses. */
export function listLogs(query: URLSearchParams, store: Pick<LogStore, "list">): LogListing {
  const { filter, limit, after } = readLogQuery(query);
  const { records, next } = store.list(filter, limit, after);
  return { data: records.map(presentRecord), next_cursor: next === null ? null : encodeCursor(next) };
}

/** One record with its route explained, or null when there is none with this id. */
export function getLog(id: string, store: Pick<LogStore, "get">): DetailedRecord | null {
  const record = store.get(id);
  return record === null ? null : detailRecord(record);
}
