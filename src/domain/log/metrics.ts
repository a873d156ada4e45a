import type { MetricDefinition } from "../../lib/metrics/definition.ts";
import type { Counter, Histogram, Registry } from "../../lib/metrics/registry.ts";
import type { RecordSink } from "./port.ts";
import type { Classification } from "../../canonical/classification.ts";
import type { RequestRecord } from "../../canonical/record.ts";

/** Seconds: from an answer out of a cache to a long stream. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320];

/** Every metric that is made from records. Labels without a value on a record are empty. */
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
    help: "Upstream calls, by error code; code=success for those that did not fail.",
    labels: ["provider", "model", "code"],
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
    tokens: registry.counter(RECORD_METRICS.tokens),
    cost: registry.counter(RECORD_METRICS.cost),
    unknownPrice: registry.counter(RECORD_METRICS.unknownPrice),
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
  const provider = record.provider ?? "";
  const model = record.model ?? "";
  const timed = [record.operation, provider, model];
  metrics.requests.add([record.operation, record.dialect, provider, model, record.outcome]);
  metrics.duration.observe(timed, record.duration_ms / 1000);
  if (record.first_content_ms !== null) metrics.firstContent.observe(timed, record.first_content_ms / 1000);
  for (const attempt of record.attempts) {
    metrics.attempts.add([attempt.provider, attempt.model, attempt.code ?? "success"]);
  }
  for (const warning of record.warnings) metrics.warnings.add([warning.code]);
  for (const found of record.classifications ?? []) countClassification(metrics, found);
  countUsage(metrics, record, provider, model);
}

function countClassification(metrics: Metrics, { classifier, label, source, shadow, ms }: Classification): void {
  metrics.classifications.add([classifier, label, source, String(shadow)]);
  if (source === "call" || source === "cache" || source === "failure")
    metrics.classifyDuration.observe([classifier, source], ms / 1000);
}

function countUsage(metrics: Metrics, record: RequestRecord, provider: string, model: string): void {
  for (const [type, field] of TOKEN_FIELDS) {
    const count = record[field];
    if (count !== null && count > 0) metrics.tokens.add([provider, model, type], count);
  }
  if (record.cost_nano_usd !== null) metrics.cost.add([provider, model], Math.max(0, record.cost_nano_usd));
  else if (record.output_tokens !== null) metrics.unknownPrice.add([provider, model]);
}
