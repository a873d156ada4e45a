import type { ExplainedReason, RouteExplanation } from "./trace.ts";
import type { Warning } from "./warning.ts";

/** A target of a simulated request, with what a call there would meet. */
export interface SimulatedTarget {
  provider: string;
  model: string;
  /** The key that the target names; null: any. */
  key: string | null;
  /** Keys that could serve it. */
  keys: { name: string; weight: number; resting: boolean }[];
  /** Why it would not be called; null: it would. */
  left_out: ExplainedReason | null;
  /** Why it would be tried behind the others. */
  put_last: ExplainedReason | null;
  /** US dollars per million tokens; null: unknown. */
  price: { input: number; output: number } | null;
  /** US dollars at most, by the estimate of the input and the most output; null: unknown. */
  most_cost_usd: number | null;
  /** What could not be carried over to it. */
  warnings: Warning[];
}

/** How a limit stands that applies to a request; dollars where the metric is `usd`. */
export interface LimitStanding {
  /** Whose: `virtual_key:app-1`, `team:ml`, … */
  scope: string;
  metric: string;
  limit: number;
  used: number;
  /** What the request would reserve of it; null: this limit or one before it refuses. */
  need: number | null;
  reset_at: string | null;
}

/** How often each target came first. */
export interface Drawn {
  /** Draws that were made: fewer than asked for where they took too long. */
  draws: number;
  /** How many of them left no target that may serve. */
  refused: number;
  first: { provider: string; model: string; key: string | null; count: number; share: number }[];
}

/** What would become of a request. */
export interface Decision {
  /** What the client would be told before anybody is called: 200 where targets would be tried. */
  status: number;
  error: { code: string; message: string; param?: string } | null;
  request: { operation: string; dialect: string; model: string | null; virtual_key: string | null; time: string };
  /** Version of the configuration. */
  snapshot: number;
  /** `output_tokens`: what the request caps it at; null: nothing. */
  estimate: { input_tokens: number; output_tokens: number | null };
  /** null: it did not get so far. */
  route: RouteExplanation | null;
  /** In the order in which they would be tried. */
  targets: SimulatedTarget[];
  limits: LimitStanding[];
  warnings: Warning[];
  /** null: nothing was to be drawn. */
  distribution: Drawn | null;
}
