import { parseArgs } from "node:util";
import { getExperiment, listExperiments, type ExperimentReport, type ListedExperiment } from "../admin/experiments.ts";
import type { ArmReport } from "../domain/experiment/compare.ts";
import type { Rate } from "../domain/experiment/intervals.ts";
import { openExistingStore } from "../stores/sqlite/open-existing.ts";
import { UsageError, type Command, type CommandContext } from "./command.ts";

const DEFAULT_STORE = "sqlite:./data/trunkline.db";

/** Compares the arms of experiments by the records in the store of this folder, or of another; works beside a running gateway. */
export const experiments: Command = {
  name: "experiments",
  summary: "Compare the arms of experiments.",
  usage: `Usage: trunkline experiments [NAME] [--store URL] [--baseline ARM] [--since TIME] [--until TIME] [--json]

Lists the experiments that records belong to, or compares the arms of NAME.
  --store URL      default ${DEFAULT_STORE}, or TRUNKLINE_STORE
  --baseline ARM   what the others are compared with; by default the first by name
  --since, --until arrivals from the first up to, not including, the second: ISO 8601 or Unix milliseconds
  --json           JSON lines, an experiment each as GET /api/experiments gives it; what only the configuration
                   of a gateway says is null, and "stopped" holds what the store has of stops`,
  run: showExperiments,
};

interface Options {
  name: string | undefined;
  baseline: string | undefined;
  store: string | undefined;
  query: URLSearchParams;
  isJson: boolean;
}

function showExperiments({ args, env, print, printError }: CommandContext): number {
  const options = parse(args);
  const store = openExistingStore(options.store ?? env["TRUNKLINE_STORE"] ?? DEFAULT_STORE);
  const sources = { store, configured: null, now: Date.now(), baseline: options.baseline };
  try {
    if (options.name === undefined) {
      const listing = listExperiments(options.query, sources);
      for (const listed of listing.data) print(options.isJson ? JSON.stringify(listed) : listedLine(listed));
      return 0;
    }
    const report = getExperiment(options.name, options.query, sources);
    if (report === null) {
      printError(`no record belongs to an experiment of the name ${JSON.stringify(options.name)}`);
      return 1;
    }
    for (const line of options.isJson ? [JSON.stringify(report)] : reportLines(report)) print(line);
    return 0;
  } finally {
    store.close();
  }
}

function parse(args: readonly string[]): Options {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        store: { type: "string" },
        baseline: { type: "string" },
        since: { type: "string" },
        until: { type: "string" },
        json: { type: "boolean" },
      },
    });
    const query = new URLSearchParams();
    for (const name of ["since", "until"] as const) {
      const value = values[name];
      if (value !== undefined) query.append(name, value);
    }
    const { baseline, store } = values;
    return { name: positionals[0], baseline, store, query, isJson: values.json === true };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function listedLine({ name, since, arms }: ListedExperiment): string {
  return [`${name}${fromOf(since)}`, ...arms.map(({ arm, requests }) => `${arm}: ${requests}`)].join("  ");
}

function reportLines({ name, since, until, arms }: ExperimentReport): string[] {
  const range = `${fromOf(since)}${until === null ? "" : `  until ${until}`}`;
  return [`${name}${range}`, ...arms.flatMap(armLines)];
}

function fromOf(since: string | null): string {
  return since === null ? "" : `  from ${since}`;
}

function armLines(report: ArmReport): string[] {
  const { arm, requests, error_rate: errors, latency_ms: latency, feedback, difference } = report;
  const cost = `$${report.cost_usd}${report.unknown_costs === 0 ? "" : ` and ${report.unknown_costs} unknown`}`;
  const times = `p50 ${milliseconds(latency.p50)}, p95 ${milliseconds(latency.p95)}`;
  const opinion =
    feedback.count === 0 ? "no feedback" : `${feedback.count} feedback, ${percent(feedback.positive_rate)} positive`;
  const own = `  ${arm}  ${requests} requests  errors ${percent(errors)}  ${times}  ${cost}  ${opinion}`;
  if (difference === null) return [own];
  return [
    own,
    `    errors ${points(difference.error_rate)}, positive ${points(difference.positive_rate)} against the first`,
  ];
}

function milliseconds(value: number | null): string {
  return value === null ? "-" : `${Math.round(value)} ms`;
}

function percent(rate: Rate | null): string {
  return rate === null ? "-" : `${shown(rate.value)} % (${shown(rate.low)} to ${shown(rate.high)})`;
}

function points(rate: Rate | null): string {
  return rate === null ? "-" : `${signed(rate.value)} points (${signed(rate.low)} to ${signed(rate.high)})`;
}

function shown(share: number): string {
  return (share * 100).toFixed(1);
}

function signed(share: number): string {
  return `${share < 0 ? "" : "+"}${shown(share)}`;
}
