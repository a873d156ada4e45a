import type { MetricDefinition } from "../../lib/metrics/definition.ts";
import type { Counter, Histogram, Registry } from "../../lib/metrics/registry.ts";
import type { RecordSink } from "./port.ts";
import type { AttemptSummary } from "../../canonical/errors.ts";
import type { Classification } from "../../canonical/classification.ts";
import type { RequestRecord } from "../../canonical/record.ts";

/** Seconds: from an answer out of a cache to a long stream. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320];

/**
 * Every metric that is made from records. Labels without a value on a record are empty; a request that no target answered
 * counts for the first that was called.
 */
export const RECORD_METRICS = {
  requests: {
    name: "trunkline_requests_total",
    type: "counter",
    help: "Requests that ended, by outcome.",
    labels: ["operation", "dialect", "provider", "model", "outcome"],
  },
  duration: {
    name: "trunkline_request_duration_seconds",
    type: "histogram",
    help: "From a request's first byte to its response's last.",
    labels: ["operation", "provider", "model"],
    buckets: DURATION_BUCKETS,
  },
  firstContent: {
    name: "trunkline_first_content_seconds",
    type: "histogram",
    help: "From a request's first byte to the first content of its response, of responses with content.",
    labels: ["operation", "provider", "model"],
    buckets: DURATION_BUCKETS,
  },
  attempts: {
    name: "trunkline_upstream_attempts_total",
    type: "counter",
    help: "Upstream calls, by error code; code=success for those that did not fail, code=hedge_lost for those that another outran.",
    labels: ["provider", "model", "code"],
  },
  hedges: {
    name: "trunkline_hedges_total",
    type: "counter",
    help: "Second attempts that were begun because one was slow, by what became of them: won, lost or failed.",
    labels: ["provider", "model", "result"],
  },
  tokens: {
    name: "trunkline_tokens_total",
    type: "counter",
    help: "Tokens as reported by providers. cached_input and cache_write are part of input, reasoning is part of output.",
    labels: ["provider", "model", "type"],
  },
  cost: {
    name: "trunkline_cost_usd_total",
    type: "counter",
    help: "Known cost in US dollars. Requests without a known price are in trunkline_unknown_price_total instead.",
    labels: ["provider", "model"],
    divisor: 1e9,
  },
  unknownPrice: {
    name: "trunkline_unknown_price_total",
    type: "counter",
    help: "Requests with usage whose cost is unknown.",
    labels: ["provider", "model"],
  },
  ruleErrors: {
    name: "trunkline_rule_errors_total",
    type: "counter",
    help: "Conditions of rules, of experiments and of targets of aliases that could not be evaluated, by the rule, experiment or alias and its scope.",
    labels: ["rule", "scope"],
  },
  chainStops: {
    name: "trunkline_rule_chain_stops_total",
    type: "counter",
    help: "Chains of rules that were stopped at a rule: it had been there already (loop), or the chain was too long (too_deep).",
    labels: ["rule", "scope", "reason"],
  },
  warnings: {
    name: "trunkline_warnings_total",
    type: "counter",
    help: "Warnings on responses, by code.",
    labels: ["code"],
  },
  classifications: {
    name: "trunkline_classifications_total",
    type: "counter",
    help: "Labels that classifiers found; source=failure for defaults since they failed, shadow=true where rules did not see it.",
    labels: ["classifier", "label", "source", "shadow"],
  },
  classifyDuration: {
    name: "trunkline_classify_seconds",
    type: "histogram",
    help: "What a classifier took, of those that asked elsewhere.",
    labels: ["classifier", "source"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5],
  },
} as const satisfies Record<string, MetricDefinition>;

const TOKEN_FIELDS = [
  ["input", "input_tokens"],
  ["cached_input", "cached_input_tokens"],
  ["cache_write", "cache_write_tokens"],
  ["output", "output_tokens"],
  ["reasoning", "reasoning_tokens"],
] as const satisfies readonly (readonly [string, keyof RequestRecord])[];

type Metrics = {
  [K in keyof typeof RECORD_METRICS]: K extends "duration" | "firstContent" | "classifyDuration" ? Histogram : Counter;
};

/** Registers the metrics of records, and counts every record that is written to it. */
export function createMetricsSink(registry: Registry): RecordSink {
  const metrics: Metrics = {
    requests: registry.counter(RECORD_METRICS.requests),
    duration: registry.histogram(RECORD_METRICS.duration),
    firstContent: registry.histogram(RECORD_METRICS.firstContent),
    attempts: registry.counter(RECORD_METRICS.attempts),
    hedges: registry.counter(RECORD_METRICS.hedges),
    tokens: registry.counter(RECORD_METRICS.tokens),
    cost: registry.counter(RECORD_METRICS.cost),
    unknownPrice: registry.counter(RECORD_METRICS.unknownPrice),
    ruleErrors: registry.counter(RECORD_METRICS.ruleErrors),
    chainStops: registry.counter(RECORD_METRICS.chainStops),
    warnings: registry.counter(RECORD_METRICS.warnings),
    classifications: registry.counter(RECORD_METRICS.classifications),
    classifyDuration: registry.histogram(RECORD_METRICS.classifyDuration),
  };
  return {
    name: "metrics",
    write(records) {
      for (const record of records) countRecord(metrics, record);
    },
  };
}

function countRecord(metrics: Metrics, record: RequestRecord): void {
  const [provider, model] = placeOf(record);
  const timed = [record.operation, provider, model];
  metrics.requests.add([record.operation, record.dialect, provider, model, record.outcome]);
  metrics.duration.observe(timed, record.duration_ms / 1000);
  if (record.first_content_ms !== null) metrics.firstContent.observe(timed, record.first_content_ms / 1000);
  let lost = 0;
  for (const attempt of record.attempts) lost += countAttempt(metrics, attempt);
  for (const { rule, scope, kind } of record.rule_faults ?? []) {
    if (kind === "error") metrics.ruleErrors.add([rule, scope]);
    else metrics.chainStops.add([rule, scope, kind]);
  }
  for (const warning of record.warnings) metrics.warnings.add([warning.code]);
  for (const found of record.classifications ?? []) countClassification(metrics, found);
  countUsage(metrics, record, provider, model, lost);
}

/** Provider and model that a request counts for. */
function placeOf({ provider, model, attempts }: RequestRecord): [provider: string, model: string] {
  const [first] = attempts;
  return provider === null && first !== undefined ? [first.provider, first.model] : [provider ?? "", model ?? ""];
}

/** Returns what of the request's cost was made elsewhere than where it was served, nano-dollars. */
function countAttempt(metrics: Metrics, attempt: AttemptSummary): number {
  const { provider, model, code, cost_nano_usd: cost } = attempt;
  metrics.attempts.add([provider, model, code ?? "success"]);
  if (attempt.hedge === true) metrics.hedges.add([provider, model, resultOf(attempt)]);
  if (typeof cost !== "number") return 0;
  metrics.cost.add([provider, model], cost);
  return cost;
}

function countClassification(metrics: Metrics, { classifier, label, source, shadow, ms }: Classification): void {
  metrics.classifications.add([classifier, label, source, String(shadow)]);
  if (source === "call" || source === "cache" || source === "failure")
    metrics.classifyDuration.observe([classifier, source], ms / 1000);
}

function resultOf({ code }: AttemptSummary): string {
  if (code === null) return "won";
  return code === "hedge_lost" ? "lost" : "failed";
}

/** `lost`: the part of the cost that was made elsewhere, nano-dollars. */
function countUsage(metrics: Metrics, record: RequestRecord, provider: string, model: string, lost: number): void {
  for (const [type, field] of TOKEN_FIELDS) {
    const count = record[field];
    if (count !== null && count > 0) metrics.tokens.add([provider, model, type], count);
  }
  if (record.cost_nano_usd !== null) metrics.cost.add([provider, model], Math.max(0, record.cost_nano_usd - lost));
  else if (record.output_tokens !== null) metrics.unknownPrice.add([provider, model]);
}
