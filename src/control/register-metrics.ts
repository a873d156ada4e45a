import { RetryBudget } from "../domain/attempt/retry-budget.ts";
import { registerRetryMetrics } from "../domain/attempt/retry-metrics.ts";
import { KeyHealth } from "../domain/balance/key-health.ts";
import { registerKeyMetrics } from "../domain/balance/key-metrics.ts";
import { registerTargetMetrics } from "../domain/balance/metrics.ts";
import { TargetHealth } from "../domain/balance/target-health.ts";
import { registerJournalMetrics } from "../domain/journal/metrics.ts";
import type { JournalReader } from "../domain/journal/reader.ts";
import { Crowd } from "../domain/load/crowd.ts";
import { registerLoadMetrics } from "../domain/load/metrics.ts";
import type { Registry } from "../lib/metrics/registry.ts";
import type { KeySlots } from "./key-slots.ts";
import type { LoadSlots } from "./load-slots.ts";
import type { TargetSlots } from "./target-slots.ts";

/** What is read from shared memory, and from the journal, whenever metrics are asked for. */
export interface LiveFigures {
  reader: JournalReader;
  targets: TargetSlots;
  keys: KeySlots;
  load: LoadSlots;
}

export function registerLiveMetrics(registry: Registry, { reader, targets, keys, load }: LiveFigures): void {
  registerJournalMetrics(registry, () => reader.stats());
  registerTargetMetrics(registry, new TargetHealth(targets.memories.targetHealth), () => targets.entries());
  registerRetryMetrics(registry, new RetryBudget(targets.memories.retryBudget), () => targets.entries());
  registerKeyMetrics(registry, new KeyHealth(keys.memory), () => keys.entries());
  const crowd = new Crowd(load.crowd);
  registerLoadMetrics(
    registry,
    () => load.gates(),
    () => crowd.size,
  );
}
