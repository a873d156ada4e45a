import { parseArgs } from "node:util";
import { getLog, listLogs } from "../admin/logs.ts";
import { LOG_PARAMETERS } from "../admin/log-query.ts";
import type { FeedbackStore } from "../domain/feedback/port.ts";
import type { LogStore } from "../domain/log/port.ts";
import type { PresentedRecord } from "../domain/log/present.ts";
import { openExistingStore } from "../stores/sqlite/open-existing.ts";
import { UsageError, type Command, type CommandContext } from "./command.ts";
import { printable, routeLines } from "./print-route.ts";

const DEFAULT_STORE = "sqlite:./data/trunkline.db";

/** Reads the log store of this folder, or of another; works beside a running gateway. */
export const logs: Command = {
  name: "logs",
  summary: "Show records of requests, latest first.",
  usage: `Usage: trunkline logs [ID] [--store URL] [--json] [FILTERS]

Shows the latest records, or the one with the request id ID: all of it as JSON, and below why it went where it went.
  --store URL   default ${DEFAULT_STORE}, or TRUNKLINE_STORE
  --json        one JSON object a line, and nothing else
Filters: ${LOG_PARAMETERS.map((name) => `--${name.replaceAll("_", "-")}`).join(" ")}`,
  run: showLogs,
};

function showLogs({ args, env, print, printError }: CommandContext): number {
  const { values, positionals } = parse(args);
  const store = openExistingStore(text(values["store"]) ?? env["TRUNKLINE_STORE"] ?? DEFAULT_STORE);
  try {
    const query = new URLSearchParams();
    for (const name of LOG_PARAMETERS) {
      for (const value of textsOf(values[name.replaceAll("_", "-")])) query.append(name, value);
    }
    const id = positionals[0];
    if (id !== undefined) query.set("id_prefix", id);
    const { data } = listLogs(query, store);
    for (const record of data) {
      if (id === undefined) print(values["json"] === true ? JSON.stringify(record) : line(record));
      else showRecord(record.id, store, values["json"] === true, print);
    }
    if (data.length > 0 || id === undefined) return 0;
    printError(`trunkline logs: no record whose id begins with ${JSON.stringify(id)}`);
    return 1;
  } finally {
    store.close();
  }
}

/** Everything about one record; for people with the explanation of its route below. */
function showRecord(
  id: string,
  store: Pick<LogStore, "get"> & Pick<FeedbackStore, "feedbackOf">,
  isJson: boolean,
  print: CommandContext["print"],
): void {
  const record = getLog(id, store);
  if (record === null) return;
  print(JSON.stringify(record));
  if (!isJson && record.route !== null) for (const each of routeLines(record.route)) print(printable(each));
}

function parse(args: readonly string[]): { values: Record<string, unknown>; positionals: string[] } {
  const filters = Object.fromEntries(
    LOG_PARAMETERS.map((name) => [name.replaceAll("_", "-"), { type: "string" as const, multiple: true }]),
  );
  try {
    const parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...filters, store: { type: "string" }, json: { type: "boolean" } },
    });
    const surplus = parsed.positionals[1];
    if (surplus !== undefined) throw new Error(`one ID at most, ${JSON.stringify(surplus)} is one more`);
    return parsed;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** A filter may stand several times, for alternatives. */
function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function line(record: PresentedRecord): string {
  const target = record.provider === null ? record.requested_model : `${record.provider}/${record.model ?? ""}`;
  const tokens = record.input_tokens === null ? "-" : `${record.input_tokens}+${record.output_tokens ?? 0} tokens`;
  const cost = record.cost_usd === null ? "cost unknown" : `$${record.cost_usd}`;
  const who = record.virtual_key ?? "-";
  return [
    record.time,
    record.id,
    String(record.status),
    record.outcome,
    target,
    who,
    tokens,
    cost,
    `${record.duration_ms} ms`,
  ].join("  ");
}
