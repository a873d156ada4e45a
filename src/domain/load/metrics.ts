import type { MetricDefinition } from "../../lib/metrics/definition.ts";
import type { Registry, Sample } from "../../lib/metrics/registry.ts";
import type { Gate, GateCounts } from "./gate.ts";

/** A provider's gate and the places of its keys. */
export interface NamedGate {
  provider: string;
  gate: Gate;
  keys: ReadonlyMap<string, number>;
}

const PROVIDER = ["provider"];

const IN_FLIGHT: MetricDefinition = {
  name: "trunkline_provider_in_flight",
  type: "gauge",
  help: "Calls under way that have taken room.",
  labels: PROVIDER,
};
const WAITING: MetricDefinition = {
  name: "trunkline_provider_waiting",
  type: "gauge",
  help: "Requests that wait for room.",
  labels: PROVIDER,
};
const KEY_IN_FLIGHT: MetricDefinition = {
  name: "trunkline_provider_key_in_flight",
  type: "gauge",
  help: "Calls under way with a key that has a concurrency of its own.",
  labels: ["provider", "key"],
};
const QUEUED: MetricDefinition = {
  name: "trunkline_provider_queued_total",
  type: "counter",
  help: "Requests that had to wait for room.",
  labels: PROVIDER,
};
const QUEUE_SECONDS: MetricDefinition = {
  name: "trunkline_provider_queue_seconds_total",
  type: "counter",
  help: "Time that requests have waited for room, in all.",
  labels: PROVIDER,
};
const SHED: MetricDefinition = {
  name: "trunkline_provider_shed_total",
  type: "counter",
  help: "Requests that got no room: the queue was full, they waited for too long, or gave their place to a higher priority.",
  labels: ["provider", "reason"],
};
const CROWD: MetricDefinition = {
  name: "trunkline_in_flight",
  type: "gauge",
  help: "Requests under way in the process, counted while `server.max_in_flight` is set.",
  labels: [],
};

/** Definitions of the metrics of load. */
export const LOAD_METRICS: readonly MetricDefinition[] = [
  CROWD,
  IN_FLIGHT,
  WAITING,
  QUEUED,
  QUEUE_SECONDS,
  SHED,
  KEY_IN_FLIGHT,
];

const REASONS = ["full", "late", "displaced"] as const;

/** Registers them; they are read at each rendering. */
export function registerLoadMetrics(
  registry: Registry,
  gates: () => Iterable<NamedGate>,
  inFlight: () => number,
): void {
  const byProvider = (read: (counts: GateCounts) => number) => (): Sample[] =>
    [...gates()].map(({ provider, gate }): Sample => [[provider], read(gate.counts())]);
  registry.computed(CROWD, () => [[[], inFlight()]]);
  registry.computed(
    IN_FLIGHT,
    byProvider((counts) => counts.inFlight),
  );
  registry.computed(
    WAITING,
    byProvider((counts) => counts.waiting),
  );
  registry.computed(
    QUEUED,
    byProvider((counts) => counts.queued),
  );
  registry.computed(
    QUEUE_SECONDS,
    byProvider((counts) => counts.waitedMs / 1000),
  );
  registry.computed(SHED, () => [...gates()].flatMap(shedSamples));
  registry.computed(KEY_IN_FLIGHT, () => [...gates()].flatMap(keySamples));
}

function shedSamples({ provider, gate }: NamedGate): Sample[] {
  const counts = gate.counts();
  return REASONS.map((reason) => [[provider, reason], counts[reason]]);
}

function keySamples({ provider, gate, keys }: NamedGate): Sample[] {
  return [...keys].map(([key, place]) => [[provider, key], gate.keyInFlight(place)]);
}
