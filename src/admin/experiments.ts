import { GatewayError } from "../canonical/errors.ts";
import { compareArms, type ArmReport } from "../domain/experiment/compare.ts";
import type { ArmStop, ExperimentStore, TimeRange } from "../domain/experiment/port.ts";
import { percentAt } from "../domain/route/assign-arm.ts";
import { readLogQuery } from "./log-query.ts";

/** An experiment as it is configured. */
export interface ConfiguredExperiment {
  name: string;
  enabled: boolean;
  unit: string;
  scope: string;
  when: string;
  arms: { name: string; weight: number }[];
  /** Unix milliseconds. */
  ramp: { from: number; percent: number }[];
  stopped: ArmStop[];
}

export interface ExperimentSources {
  store: Pick<ExperimentStore, "experimentNames" | "armCounts" | "armFigures" | "stops">;
  /** Null: the configuration is not known here. */
  configured: readonly ConfiguredExperiment[] | null;
  /** Unix milliseconds. */
  now: number;
  /** The arm to compare with; absent: the first that is configured, else by name. */
  baseline?: string | undefined;
}

export const RANGE_PARAMETERS: readonly string[] = ["since", "until"];

/** An experiment in a listing. */
export interface ListedExperiment {
  name: string;
  /** `running`, `waiting` for its ramp, `disabled`, or `removed` from the configuration; null: that is not known. */
  state: "running" | "waiting" | "disabled" | "removed" | null;
  unit: string | null;
  /** Units of a hundred that are in an arm beside the first now; null: by weight. */
  percent: number | null;
  /** ISO 8601; null: from the first record on. Later than asked for where there are too many records to look at. */
  since: string | null;
  arms: { arm: string; weight: number | null; requests: number }[];
  /** Arms that were given up: their units are in the first, for as long as they are configured as they were then. */
  stopped: { arm: string; time: string; reason: string }[];
}

/** Experiments of the configuration, then those that only records know. */
export function listExperiments(query: URLSearchParams, sources: ExperimentSources): { data: ListedExperiment[] } {
  const range = readRange(query);
  const configured = sources.configured ?? [];
  const names = new Set([...configured.map(({ name }) => name), ...sources.store.experimentNames()]);
  return { data: [...names].map((name) => listed(name, sources, range)) };
}

/** What one experiment has shown so far. */
export interface ExperimentReport extends Omit<ListedExperiment, "arms"> {
  /** ISO 8601; null: up to the latest record. */
  until: string | null;
  arms: ArmReport[];
}

/** The comparison of the arms of one experiment, or null when nobody knows it. */
export function getExperiment(
  name: string,
  query: URLSearchParams,
  sources: ExperimentSources,
): ExperimentReport | null {
  const range = readRange(query);
  const { arms, since } = sources.store.armFigures(name, range);
  const known = configuredAs(name, sources);
  if (known === undefined && arms.length === 0 && !sources.store.experimentNames().includes(name)) return null;
  const order = known?.arms.map((arm) => arm.name) ?? [];
  if (sources.baseline !== undefined) order.unshift(sources.baseline);
  const about = aboutOf(name, sources);
  return { ...about, since: instantOf(since), until: instantOf(range.until), arms: compareArms(order, arms) };
}

function listed(name: string, sources: ExperimentSources, range: TimeRange): ListedExperiment {
  const { arms: counts, since } = sources.store.armCounts(name, range);
  const weights = new Map(configuredAs(name, sources)?.arms.map((arm) => [arm.name, arm.weight]));
  const names = [...new Set([...weights.keys(), ...counts.keys()])];
  return {
    ...aboutOf(name, sources),
    since: instantOf(since),
    arms: names.map((arm) => ({ arm, weight: weights.get(arm) ?? null, requests: counts.get(arm)?.requests ?? 0 })),
  };
}

function configuredAs(name: string, { configured }: ExperimentSources): ConfiguredExperiment | undefined {
  return configured?.find((each) => each.name === name);
}

/** What is known of an experiment without its records. */
function aboutOf(name: string, sources: ExperimentSources): Omit<ListedExperiment, "since" | "arms"> {
  const known = configuredAs(name, sources);
  const { configured, now } = sources;
  return {
    name,
    state: known === undefined ? (configured === null ? null : "removed") : stateOf(known, now),
    unit: known?.unit ?? null,
    percent: known === undefined ? null : percentAt(known.ramp, now),
    stopped: stopsOf(name, sources).map(({ arm, time, reason }) => ({
      arm,
      time: new Date(time).toISOString(),
      reason,
    })),
  };
}

/** Where the configuration is not known, whatever the store has of them. */
function stopsOf(name: string, sources: ExperimentSources): readonly ArmStop[] {
  if (sources.configured !== null) return configuredAs(name, sources)?.stopped ?? [];
  return sources.store.stops().filter(({ experiment }) => experiment === name);
}

function stateOf(experiment: ConfiguredExperiment, now: number): ListedExperiment["state"] {
  if (!experiment.enabled) return "disabled";
  return experiment.ramp.length > 0 && percentAt(experiment.ramp, now) === null ? "waiting" : "running";
}

/** As with records; without bounds, all of them. */
function readRange(query: URLSearchParams): TimeRange {
  for (const name of query.keys()) {
    if (RANGE_PARAMETERS.includes(name)) continue;
    const shown = name.slice(0, 100);
    const text = `query parameter ${JSON.stringify(shown)} is not known; known are ${RANGE_PARAMETERS.join(", ")}`;
    throw new GatewayError("invalid_request", text, { param: shown });
  }
  const { since = 0, until = Number.MAX_SAFE_INTEGER } = readLogQuery(query).filter;
  return { since, until };
}

function instantOf(time: number): string | null {
  return time === 0 || time === Number.MAX_SAFE_INTEGER ? null : new Date(time).toISOString();
}
