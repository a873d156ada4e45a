import type { Operation, Outcome } from "../../canonical/names.ts";
import type { RecordLine, RequestRecord } from "../../canonical/record.ts";

/** Which records to list; several values of one field are alternatives, several fields must all hold. */
export interface LogFilter {
  outcome?: readonly Outcome[];
  operation?: readonly Operation[];
  status?: readonly number[];
  provider?: readonly string[];
  model?: readonly string[];
  virtual_key?: readonly string[];
  team?: readonly string[];
  customer?: readonly string[];
  user?: readonly string[];
  experiment?: readonly string[];
  arm?: readonly string[];
  /** Arrival at or after this, Unix milliseconds. */
  since?: number;
  /** Arrival before this, Unix milliseconds. */
  until?: number;
  /** Known costs of at least this many nano-dollars; an unknown cost never matches. */
  minCostNanoUsd?: number;
  /** Start of the request id. */
  idPrefix?: string;
}

/** A place in the order of listing: newest first, then by id from high to low. */
export interface LogPlace {
  time: number;
  id: string;
}

export interface LogPage {
  records: RequestRecord[];
  /** Place of the last record when more follow, else null. */
  next: LogPlace | null;
}

export interface LogBalance {
  counter: string;
  period: number;
  /** Sum of the charges: nano-dollars, requests or tokens. */
  amount: number;
}

/** Where records are kept for reading. Every call may throw while the store is away. */
export interface LogStore {
  /** Stores records and adds their charges to the balances, in one transaction. Ids that are stored already change nothing. */
  append(lines: readonly RecordLine[]): void;
  /** Records in the order of listing, after a place; at most `limit`. */
  list(filter: LogFilter, limit: number, after: LogPlace | null): LogPage;
  get(id: string): RequestRecord | null;
  /** Sums of all charges by counter, at least of each counter's four newest periods. */
  balances(): LogBalance[];
  /** Deletes at most `limit` records older than `before` (Unix milliseconds), oldest first. Returns how many; call until 0. */
  prune(before: number, limit: number): number;
}

/** Is handed every stored record once. */
export interface RecordSink {
  readonly name: string;
  write(records: readonly RequestRecord[]): void;
}
