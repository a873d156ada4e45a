import { expect, test } from "bun:test";
import { createRegistry } from "../../lib/metrics/registry.ts";
import { JOURNAL_METRICS, registerJournalMetrics } from "./metrics.ts";
import type { JournalStats } from "./port.ts";

test("every count of the reader has its metric, read at each rendering", () => {
  const stats: JournalStats = {
    backlogBytes: 1,
    segments: 2,
    storeFailing: true,
    records: 3,
    storeFailures: 4,
    malformedLines: 5,
    tornTails: 6,
    droppedSegments: 7,
    droppedRecords: 8,
    fileFailures: 9,
    sinkFailures: new Map([["stdout", 10]]),
  };
  const registry = createRegistry();
  registerJournalMetrics(registry, () => stats);
  stats.records = 30;
  const samples = registry
    .render()
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  expect(samples).toEqual([
    "trunkline_journal_backlog_bytes 1",
    "trunkline_journal_segments 2",
    "trunkline_journal_store_failing 1",
    "trunkline_journal_records_total 30",
    "trunkline_journal_store_failures_total 4",
    "trunkline_journal_malformed_lines_total 5",
    "trunkline_journal_torn_tails_total 6",
    "trunkline_journal_dropped_segments_total 7",
    "trunkline_journal_dropped_records_total 8",
    "trunkline_journal_file_failures_total 9",
    'trunkline_journal_sink_failures_total{sink="stdout"} 10',
  ]);
  expect(JOURNAL_METRICS).toHaveLength(samples.length);
});
