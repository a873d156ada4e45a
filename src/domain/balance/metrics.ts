import type { MetricDefinition } from "../../lib/metrics/definition.ts";
import type { Registry, Sample } from "../../lib/metrics/registry.ts";
import { healthScore } from "./score.ts";
import type { TargetCounts, TargetHealth, TargetReading } from "./target-health.ts";

interface TargetMetric {
  definition: MetricDefinition;
  /** Null: no sample. */
  read: (reading: TargetReading, counts: TargetCounts) => number | null;
}

function gauge(name: string, help: string, read: TargetMetric["read"]): TargetMetric {
  return { definition: { name: `trunkline_target_${name}`, type: "gauge", help, labels: ["target"] }, read };
}

function counter(name: string, help: string, read: TargetMetric["read"]): TargetMetric {
  return { definition: { name: `trunkline_target_${name}_total`, type: "counter", help, labels: ["target"] }, read };
}

const secondsOf = (measured: TargetReading["whole"]): number | null =>
  measured === null ? null : measured.peak / 1000;

const METRICS: readonly TargetMetric[] = [
  gauge("health_score", "From 0 (its breaker is open) to 1.", (reading) => healthScore(reading)),
  gauge("breaker_open", "1 while its circuit breaker is open or half-open.", (reading) => (reading.isClosed ? 0 : 1)),
  gauge("in_flight", "Calls under way.", (reading) => reading.inFlight),
  gauge("error_ratio", "Failures among its latest calls.", (reading) => reading.errorRate),
  gauge("headroom_ratio", "Share of its quota that is left, as it last said.", (reading) => reading.headroom),
  gauge("first_content_seconds", "Peak average of the time to a stream's first content.", (reading) =>
    secondsOf(reading.firstContent),
  ),
  gauge("whole_answer_seconds", "Peak average of the time of answers that were not streamed.", (reading) =>
    secondsOf(reading.whole),
  ),
  gauge("output_token_seconds", "Peak average of the time of one output token.", (reading) =>
    secondsOf(reading.perToken),
  ),
  counter(
    "breaker_opened",
    "How often its circuit breaker opened, after a failed probe too.",
    (_, { opened }) => opened,
  ),
  counter("breaker_closed", "How often its circuit breaker closed again.", (_, { closed }) => closed),
  counter("quota_refusals", "Calls that it refused for its quota (429).", (_, { limited }) => limited),
];

/** Definitions of the metrics of targets' health. */
export const TARGET_METRICS: readonly MetricDefinition[] = METRICS.map(({ definition }) => definition);

/** Registers them; they are read at each rendering, of targets that were called. */
export function registerTargetMetrics(
  registry: Registry,
  health: TargetHealth,
  targets: () => Iterable<readonly [target: string, slot: number]>,
): void {
  for (const { definition, read } of METRICS) {
    registry.computed(definition, () => samplesOf(health, targets(), read));
  }
}

function samplesOf(
  health: TargetHealth,
  targets: Iterable<readonly [target: string, slot: number]>,
  read: TargetMetric["read"],
): Sample[] {
  const samples: Sample[] = [];
  for (const [target, slot] of targets) {
    const counts = health.counts(slot);
    const value = counts.calls === 0 ? null : read(health.read(slot, Date.now()), counts);
    if (value !== null) samples.push([[target], value]);
  }
  return samples;
}
