import type { JsonObject } from "../canonical/json.ts";
import type { RequestRecord } from "../canonical/record.ts";
import type { FeedbackStore } from "../domain/feedback/port.ts";
import { presentFeedback } from "../domain/feedback/present.ts";
import type { LogStore } from "../domain/log/port.ts";
import { encodeCursor } from "../domain/log/cursor.ts";
import { detailRecord, presentRecord, type DetailedRecord, type PresentedRecord } from "../domain/log/present.ts";
import { readLogQuery } from "./log-query.ts";

/** What was said of a record's request. */
export interface FeedbackGiven {
  feedback: JsonObject[];
}

export type LogEntry = PresentedRecord & FeedbackGiven;

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

/** One record with its route explained, or null when there is none with this id. */
export function getLog(
  id: string,
  store: Pick<LogStore, "get"> & FeedbackReader,
): (DetailedRecord & FeedbackGiven) | null {
  const record = store.get(id);
  if (record === null) return null;
  return { ...detailRecord(record), feedback: store.feedbackOf([id]).map(presentFeedback) };
}

type FeedbackReader = Pick<FeedbackStore, "feedbackOf">;

function withFeedback(records: readonly RequestRecord[], store: FeedbackReader): LogEntry[] {
  const all = store.feedbackOf(records.map(({ id }) => id));
  return records.map((record) => ({
    ...presentRecord(record),
    feedback: all.filter(({ request_id: id }) => id === record.id).map(presentFeedback),
  }));
}
