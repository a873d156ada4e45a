import type { MetricDefinition } from "../../lib/metrics/definition.ts";
import type { Registry } from "../../lib/metrics/registry.ts";
import type { JournalStats } from "./port.ts";

interface JournalMetric {
  definition: MetricDefinition;
  read: (stats: Readonly<JournalStats>) => number;
}

function counter(name: string, help: string, read: JournalMetric["read"]): JournalMetric {
  return { definition: { name: `trunkline_journal_${name}_total`, type: "counter", help, labels: [] }, read };
}

function gauge(name: string, help: string, read: JournalMetric["read"]): JournalMetric {
  return { definition: { name: `trunkline_journal_${name}`, type: "gauge", help, labels: [] }, read };
}

const METRICS: readonly JournalMetric[] = [
  gauge("backlog_bytes", "Bytes that wait for the log store, or to be deleted.", (stats) => stats.backlogBytes),
  gauge("segments", "Files of the journal.", (stats) => stats.segments),
  gauge("store_failing", "1 while the log store refuses records.", (stats) => (stats.storeFailing ? 1 : 0)),
  counter("records", "Records that the log store has taken.", (stats) => stats.records),
  counter("store_failures", "Attempts to store that failed.", (stats) => stats.storeFailures),
  counter("malformed_lines", "Lines that are no records.", (stats) => stats.malformedLines),
  counter("torn_tails", "Segments whose writer died within a line.", (stats) => stats.tornTails),
  counter("dropped_segments", "Segments dropped because the journal was full.", (stats) => stats.droppedSegments),
  counter("dropped_records", "Records dropped because the journal was full.", (stats) => stats.droppedRecords),
  counter("file_failures", "Files that could not be read or deleted.", (stats) => stats.fileFailures),
];

const SINK_FAILURES: MetricDefinition = {
  name: "trunkline_journal_sink_failures_total",
  type: "counter",
  help: "Batches that a sink failed to take.",
  labels: ["sink"],
};

/** Definitions of the journal's own metrics. */
export const JOURNAL_METRICS: readonly MetricDefinition[] = [
  ...METRICS.map(({ definition }) => definition),
  SINK_FAILURES,
];

/** Registers the journal's own metrics, which are read from the reader's counts at each rendering. */
export function registerJournalMetrics(registry: Registry, stats: () => Readonly<JournalStats>): void {
  for (const { definition, read } of METRICS) registry.computed(definition, () => [[[], read(stats())]]);
  registry.computed(SINK_FAILURES, () => Array.from(stats().sinkFailures, ([sink, count]) => [[sink], count] as const));
}
