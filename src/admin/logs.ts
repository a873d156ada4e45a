import type { JsonObject } from "../canonical/json.ts";
import type { RequestRecord } from "../canonical/record.ts";
import type { FeedbackStore } from "../domain/feedback/port.ts";
import { presentFeedback } from "../domain/feedback/present.ts";
import type { LogStore } from "../domain/log/port.ts";
import { encodeCursor } from "../domain/log/cursor.ts";
import { presentRecord } from "../domain/log/present.ts";
import type { PresentedRecord } from "../domain/log/present.ts";
import { readLogQuery } from "./log-query.ts";

/** A record with what was said of it. */
export interface LogEntry extends PresentedRecord {
  feedback: JsonObject[];
}

/** A page of `GET /api/logs`. */
export interface LogListing {
  /** Newest first. */
  data: LogEntry[];
  /** For the query parameter `cursor` of the next page; null on the last one. */
  next_cursor: string | null;
}

/** Lists records. Throws a `GatewayError` (`invalid_request`, with `param`) for a query that `readLogQuery` refuses. */
export function listLogs(query: URLSearchParams, store: Pick<LogStore, "list"> & FeedbackReader): LogListing {
  const { filter, limit, after } = readLogQuery(query);
  const { records, next } = store.list(filter, limit, after);
  return { data: withFeedback(records, store), next_cursor: next === null ? null : encodeCursor(next) };
}

/** One record, or null when there is none with this id. */
export function getLog(id: string, store: Pick<LogStore, "get"> & FeedbackReader): LogEntry | null {
  const record = store.get(id);
  return record === null ? null : (withFeedback([record], store)[0] ?? null);
}

type FeedbackReader = Pick<FeedbackStore, "feedbackOf">;

function withFeedback(records: readonly RequestRecord[], store: FeedbackReader): LogEntry[] {
  const all = store.feedbackOf(records.map(({ id }) => id));
  return records.map((record) => ({
    ...presentRecord(record),
    feedback: all.filter(({ request_id: id }) => id === record.id).map(presentFeedback),
  }));
}
