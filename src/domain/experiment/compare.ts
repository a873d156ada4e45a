import { differenceOf, percentile, rateOf, type Rate } from "./intervals.ts";
import type { ArmFigures, FeedbackFigures } from "./port.ts";

/** How one arm of an experiment did. Times in milliseconds; null: nothing to tell it by. */
export interface ArmReport {
  arm: string;
  requests: number;
  errors: number;
  aborted: number;
  error_rate: Rate | null;
  latency_ms: Spread;
  first_content_ms: Spread;
  input_tokens: number;
  cached_input_tokens: number;
  output_tokens: number;
  /** Sum of what is known, US dollars. */
  cost_usd: number;
  unknown_costs: number;
  /** Of requests whose cost is known. */
  cost_per_request_usd: number | null;
  feedback: { count: number; mean: number | null; positive: number; negative: number; positive_rate: Rate | null };
  /** Against the first arm; null on the first itself. Rates as differences, the rest as ratios. */
  difference: ArmDifference | null;
}

interface Spread {
  p50: number | null;
  p95: number | null;
}

export interface ArmDifference {
  error_rate: Rate | null;
  positive_rate: Rate | null;
  latency_p50: number | null;
  latency_p95: number | null;
  cost_per_request: number | null;
}

const NANO = 1e9;

/** Arms beside each other, in the order given; what has no figures yet has none. */
export function compareArms(order: readonly string[], figures: readonly ArmFigures[]): ArmReport[] {
  const found = new Map(figures.map((each) => [each.arm, each]));
  const names = [...new Set([...order, ...found.keys()])];
  const reports = names.map((name) => reportOf(found.get(name) ?? noFigures(name)));
  const [first] = reports;
  return reports.map((report) =>
    first === undefined || report === first ? report : { ...report, difference: against(first, report) },
  );
}

function reportOf(figures: ArmFigures): ArmReport {
  const { requests, errors, durations, firstContents, costNano, unknownCosts } = figures;
  const known = requests - unknownCosts;
  return {
    arm: figures.arm,
    requests,
    errors,
    aborted: figures.aborted,
    error_rate: rateOf(errors, requests - figures.aborted),
    latency_ms: spreadOf(durations),
    first_content_ms: spreadOf(firstContents),
    input_tokens: figures.inputTokens,
    cached_input_tokens: figures.cachedInputTokens,
    output_tokens: figures.outputTokens,
    cost_usd: costNano / NANO,
    unknown_costs: unknownCosts,
    cost_per_request_usd: known === 0 ? null : costNano / known / NANO,
    feedback: feedbackOf(figures.feedback),
    difference: null,
  };
}

function feedbackOf({ count, weightedScore, weight, positive, negative }: FeedbackFigures): ArmReport["feedback"] {
  const mean = weight === 0 ? null : weightedScore / weight;
  return { count, mean, positive, negative, positive_rate: rateOf(positive, count) };
}

function spreadOf(rising: Float64Array): Spread {
  return { p50: percentile(rising, 0.5), p95: percentile(rising, 0.95) };
}

function against(first: ArmReport, report: ArmReport): ArmDifference {
  return {
    error_rate: differenceOf(report.error_rate, first.error_rate),
    positive_rate: differenceOf(report.feedback.positive_rate, first.feedback.positive_rate),
    latency_p50: ratioOf(report.latency_ms.p50, first.latency_ms.p50),
    latency_p95: ratioOf(report.latency_ms.p95, first.latency_ms.p95),
    cost_per_request: ratioOf(report.cost_per_request_usd, first.cost_per_request_usd),
  };
}

function ratioOf(value: number | null, base: number | null): number | null {
  return value === null || base === null || base === 0 ? null : value / base;
}

function noFigures(arm: string): ArmFigures {
  const none = new Float64Array();
  const feedback = { count: 0, weightedScore: 0, weight: 0, positive: 0, negative: 0 };
  const counts = { requests: 0, errors: 0, aborted: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
  return { arm, ...counts, costNano: 0, unknownCosts: 0, durations: none, firstContents: none, feedback };
}
