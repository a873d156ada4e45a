import { explainRoute } from "../../canonical/explain-route.ts";
import type { RequestRecord } from "../../canonical/record.ts";
import type { RouteExplanation } from "../../canonical/trace.ts";

const NANO = 1e9;

/** A record as people read it, in the management API and on stdout. */
export type PresentedRecord = Omit<RequestRecord, "time" | "cost_nano_usd" | "charges"> & {
  /** Arrival, ISO 8601 in UTC. */
  time: string;
  /** Dollars; null when the price or the usage is unknown. Printed, it has at most nine decimals and no rounding error. */
  cost_usd: number | null;
};

/** Times as text, money in dollars, and without the bookkeeping of the ledger. */
export function presentRecord(record: RequestRecord): PresentedRecord {
  const { time, cost_nano_usd: cost, charges: _, id, ...rest } = record;
  return { id, time: presentTime(time), ...rest, cost_usd: cost === null ? null : cost / NANO };
}

/** A record with all that is known of why it went where it went. */
export type DetailedRecord = Omit<PresentedRecord, "route"> & {
  /** null: it did not get so far. */
  route: RouteExplanation | null;
};

/** The same with its route explained in full. */
export function detailRecord(record: RequestRecord): DetailedRecord {
  const { route: note, trace, attempts } = record;
  const isKnown = note !== null || trace.length > 0 || attempts.length > 0;
  return { ...presentRecord(record), route: isKnown ? explainRoute({ note, trace, attempts }) : null };
}

/** Times outside of what a date can hold come from broken clocks; they are shown as the epoch rather than refused. */
function presentTime(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}
