import type { MetricDefinition } from "../../lib/metrics/definition.ts";
import type { Registry, Sample } from "../../lib/metrics/registry.ts";
import type { KeyHealth } from "./key-health.ts";

const RESTING: MetricDefinition = {
  name: "trunkline_provider_key_resting_seconds",
  type: "gauge",
  help: "How long a provider key goes on resting; only keys that rest are shown. The reason is limited or refused.",
  labels: ["provider", "key", "reason"],
};

/** Definitions of the metrics of provider keys. */
export const KEY_METRICS: readonly MetricDefinition[] = [RESTING];

/** Registers them; they are read at each rendering. */
export function registerKeyMetrics(
  registry: Registry,
  health: KeyHealth,
  keys: () => Iterable<readonly [provider: string, key: string, slot: number]>,
): void {
  registry.computed(RESTING, () => {
    const now = Date.now();
    const samples: Sample[] = [];
    for (const [provider, key, slot] of keys()) {
      const rest = health.restOf(slot, now);
      if (rest !== null) samples.push([[provider, key, rest.reason], (rest.until - now) / 1000]);
    }
    return samples;
  });
}
