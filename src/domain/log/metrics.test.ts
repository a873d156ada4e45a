import { expect, test } from "bun:test";
import { createRegistry } from "../../lib/metrics/registry.ts";
import { sampleRecord } from "../journal/fixtures/record.ts";
import type { RequestRecord } from "../../canonical/record.ts";
import { RECORD_METRICS, createMetricsSink } from "./metrics.ts";

/** The samples, without buckets that say no more than the sum and count. */
function samplesOf(records: readonly RequestRecord[]): string[] {
  const registry = createRegistry();
  createMetricsSink(registry).write(records);
  return registry
    .render()
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#") && !line.includes("_bucket"));
}

test("a chat call in every metric it belongs to", () => {
  expect(samplesOf([sampleRecord()])).toEqual([
    'trunkline_requests_total{operation="chat",dialect="openai-chat",provider="openai",model="gpt-4o",outcome="success"} 1',
    'trunkline_request_duration_seconds_sum{operation="chat",provider="openai",model="gpt-4o"} 0.8125',
    'trunkline_request_duration_seconds_count{operation="chat",provider="openai",model="gpt-4o"} 1',
    'trunkline_first_content_seconds_sum{operation="chat",provider="openai",model="gpt-4o"} 0.21025',
    'trunkline_first_content_seconds_count{operation="chat",provider="openai",model="gpt-4o"} 1',
    'trunkline_upstream_attempts_total{provider="openai",model="gpt-4o",code="success"} 1',
    'trunkline_tokens_total{provider="openai",model="gpt-4o",type="input"} 100',
    'trunkline_tokens_total{provider="openai",model="gpt-4o",type="cached_input"} 40',
    'trunkline_tokens_total{provider="openai",model="gpt-4o",type="output"} 20',
    'trunkline_tokens_total{provider="openai",model="gpt-4o",type="reasoning"} 5',
    'trunkline_cost_usd_total{provider="openai",model="gpt-4o"} 0.00045',
  ]);
});

test("a refused call has a request and a duration, and empty labels for what it never had", () => {
  const refused = sampleRecord({
    outcome: "rate_limited",
    status: 429,
    provider: null,
    model: null,
    first_content_ms: null,
    input_tokens: null,
    cached_input_tokens: null,
    cache_write_tokens: null,
    output_tokens: null,
    reasoning_tokens: null,
    cost_nano_usd: null,
    attempts: [],
  });
  expect(samplesOf([refused])).toEqual([
    'trunkline_requests_total{operation="chat",dialect="openai-chat",provider="",model="",outcome="rate_limited"} 1',
    'trunkline_request_duration_seconds_sum{operation="chat",provider="",model=""} 0.8125',
    'trunkline_request_duration_seconds_count{operation="chat",provider="",model=""} 1',
  ]);
});

test("a request that all targets failed counts for the first that was called", () => {
  const attempt = {
    provider: "openai",
    model: "gpt-4o",
    key: "main",
    status: 503,
    code: "upstream_error",
    ms: 12,
  } as const;
  const failed = sampleRecord({
    outcome: "upstream_failed",
    status: 502,
    provider: null,
    model: null,
    attempts: [attempt, { ...attempt, provider: "azure", model: "gpt-4o-eu" }],
  });
  const samples = samplesOf([failed]);
  expect(samples).toContain(
    'trunkline_requests_total{operation="chat",dialect="openai-chat",provider="openai",model="gpt-4o",outcome="upstream_failed"} 1',
  );
  expect(samples).toContain(
    'trunkline_upstream_attempts_total{provider="azure",model="gpt-4o-eu",code="upstream_error"} 1',
  );
});

test("rules that failed are counted by rule and scope, stopped chains apart", () => {
  const failing = { rule: "spend", scope: "team:ml" };
  const samples = samplesOf([
    sampleRecord({ rule_faults: [{ ...failing, kind: "error" }] }),
    sampleRecord({
      rule_faults: [
        { ...failing, kind: "error" },
        { ...failing, kind: "loop" },
      ],
    }),
  ]);
  expect(samples.filter((sample) => sample.includes("_rule_"))).toEqual([
    'trunkline_rule_errors_total{rule="spend",scope="team:ml"} 2',
    'trunkline_rule_chain_stops_total{rule="spend",scope="team:ml",reason="loop"} 1',
  ]);
});

test("an unknown price is counted as such, and never as a cost of zero", () => {
  const samples = samplesOf([sampleRecord({ cost_nano_usd: null }), sampleRecord({ cost_nano_usd: null })]);
  expect(samples).toContain('trunkline_unknown_price_total{provider="openai",model="gpt-4o"} 2');
  expect(samples.some((sample) => sample.startsWith("trunkline_cost_usd_total"))).toBe(false);
});

test("every attempt counts where it went, and every warning by its code", () => {
  const samples = samplesOf([
    sampleRecord({
      attempts: [
        { provider: "anthropic", model: "claude", status: 529, code: "upstream_error", ms: 5 },
        { provider: "anthropic", model: "claude", status: 529, code: "upstream_error", ms: 5 },
        { provider: "openai", model: "gpt-4o", status: 200, code: null, ms: 5 },
      ],
      warnings: [
        { code: "unsupported_field", field: "logit_bias", message: "" },
        { code: "unsupported_field", field: "seed", message: "" },
        { code: "price_unknown", field: "model", message: "" },
      ],
    }),
  ]);
  expect(samples.filter((sample) => /attempts|warnings/.test(sample))).toEqual([
    'trunkline_upstream_attempts_total{provider="anthropic",model="claude",code="upstream_error"} 2',
    'trunkline_upstream_attempts_total{provider="openai",model="gpt-4o",code="success"} 1',
    'trunkline_warnings_total{code="unsupported_field"} 2',
    'trunkline_warnings_total{code="price_unknown"} 1',
  ]);
});

test("hedges count by what became of them, and a lost attempt's cost where it was made", () => {
  const lost = { status: 0, code: "hedge_lost", ms: 5 } as const;
  const samples = samplesOf([
    sampleRecord({
      cost_nano_usd: 1_500_000_000,
      attempts: [
        { provider: "anthropic", model: "claude", ...lost, cost_nano_usd: 500_000_000 },
        { provider: "openai", model: "gpt-4o", status: 200, code: null, ms: 5, hedge: true },
      ],
    }),
    sampleRecord({
      cost_nano_usd: 1_000_000_000,
      attempts: [
        { provider: "anthropic", model: "claude", ...lost, hedge: true, cost_nano_usd: null },
        { provider: "openai", model: "gpt-4o", status: 200, code: null, ms: 5 },
      ],
    }),
  ]);
  expect(samples.filter((sample) => /hedges|cost_usd/.test(sample))).toEqual([
    'trunkline_hedges_total{provider="openai",model="gpt-4o",result="won"} 1',
    'trunkline_hedges_total{provider="anthropic",model="claude",result="lost"} 1',
    'trunkline_cost_usd_total{provider="anthropic",model="claude"} 0.5',
    'trunkline_cost_usd_total{provider="openai",model="gpt-4o"} 2',
  ]);
});

test("names, types and labels are what dashboards were built on", () => {
  expect(Object.values(RECORD_METRICS).map(({ name, type, labels }) => `${type} ${name} ${labels.join(",")}`)).toEqual([
    "counter trunkline_requests_total operation,dialect,provider,model,outcome",
    "histogram trunkline_request_duration_seconds operation,provider,model",
    "histogram trunkline_first_content_seconds operation,provider,model",
    "counter trunkline_upstream_attempts_total provider,model,code",
    "counter trunkline_hedges_total provider,model,result",
    "counter trunkline_tokens_total provider,model,type",
    "counter trunkline_cost_usd_total provider,model",
    "counter trunkline_unknown_price_total provider,model",
    "counter trunkline_rule_errors_total rule,scope",
    "counter trunkline_rule_chain_stops_total rule,scope,reason",
    "counter trunkline_warnings_total code",
    "counter trunkline_classifications_total classifier,label,source,shadow",
    "histogram trunkline_classify_seconds classifier,source",
  ]);
});
