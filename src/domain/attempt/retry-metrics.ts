import type { MetricDefinition } from "../../lib/metrics/definition.ts";
import type { Registry, Sample } from "../../lib/metrics/registry.ts";
import type { RetryBudget } from "./retry-budget.ts";

/** Of what the retry budget kept back. */
export const RETRIES_REFUSED: MetricDefinition = {
  name: "trunkline_retries_refused_total",
  type: "counter",
  help: "Retries and hedges that were not made because the retry budget of the target was used up.",
  labels: ["target"],
};

/** Registers it; it is read at each rendering, of targets where something was refused. */
export function registerRetryMetrics(
  registry: Registry,
  budget: RetryBudget,
  targets: () => Iterable<readonly [target: string, slot: number]>,
): void {
  registry.computed(RETRIES_REFUSED, () => samplesOf(budget, targets()));
}

function samplesOf(budget: RetryBudget, targets: Iterable<readonly [target: string, slot: number]>): Sample[] {
  const samples: Sample[] = [];
  for (const [target, slot] of targets) {
    const refused = budget.refused(slot);
    if (refused > 0) samples.push([[target], refused]);
  }
  return samples;
}
