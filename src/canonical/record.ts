import type { AttemptSummary, ErrorCode } from "./errors.ts";
import type { Classification } from "./classification.ts";
import type { DialectName, Operation, Outcome } from "./names.ts";
import type { RouteNote, TraceStep } from "./trace.ts";
import type { Warning } from "./warning.ts";

/** What a request added to one ledger counter when it settled. `amount` is nano-dollars, requests or tokens. */
export interface Charge {
  /** `budget:virtual_key:app-1:1d`, … */
  counter: string;
  /** The counter's period (or window) number that the amount belongs to. */
  period: number;
  amount: number;
}

/** A routing rule (or the condition of an experiment or of an alias's target) that could not do its work for a request. */
export interface RuleFault {
  rule: string;
  /** `global`, `customer:NAME`, `team:NAME` or `virtual_key:NAME`. */
  scope: string;
  /** `error`: the condition could not be evaluated; `loop`, `too_deep`: a chain was stopped at this rule. */
  kind: "error" | "loop" | "too_deep";
}

/** One request, as the journal keeps it. Exactly one per request; every sink (log store, metrics, stdout) reads this and nothing else. */
export interface RequestRecord {
  /** The request id, as in `x-trunkline-request-id`. */
  id: string;
  /** Arrival, Unix milliseconds. */
  time: number;
  operation: Operation;
  /** The client's dialect. */
  dialect: DialectName;
  stream: boolean;
  outcome: Outcome;
  /** HTTP status that the client saw (499: it had gone). */
  status: number;
  error_code: ErrorCode | null;
  error_message: string | null;
  /** The model string as the caller wrote it. */
  requested_model: string;
  /** The provider's id of the answer; null: it has none. */
  response_id: string | null;
  provider: string | null;
  model: string | null;
  /** Name of the provider key, never its value. */
  provider_key: string | null;
  virtual_key: string | null;
  team: string | null;
  customer: string | null;
  user: string | null;
  /** The experiment that it took part in, and its arm; null: none. */
  experiment: string | null;
  arm: string | null;
  /** null: the provider sent no usage. */
  input_tokens: number | null;
  cached_input_tokens: number | null;
  cache_write_tokens: number | null;
  output_tokens: number | null;
  reasoning_tokens: number | null;
  /** Nano-dollars; null: unknown price or unknown usage. */
  cost_nano_usd: number | null;
  /** Total, from the request's first byte to the response's last, milliseconds with fractions. */
  duration_ms: number;
  /** To the first content for the client; null when there was none. */
  first_content_ms: number | null;
  attempts: AttemptSummary[];
  trace: TraceStep[];
  /** Absent: there was none. */
  rule_faults?: RuleFault[] | undefined;
  /** null: the request named its target, and nothing else was looked at; or it did not get so far. */
  route: RouteNote | null;
  warnings: Warning[];
  /** What classifiers found; absent where none was asked. */
  classifications?: Classification[] | undefined;
  charges: Charge[];
  /** Version of the snapshot that served it. */
  snapshot: number;
  thread: number;
}

/** A record and the line of the journal that it stands on: stores keep the line as it came, which saves writing it anew. */
export interface RecordLine {
  record: RequestRecord;
  text: string;
}
