import type { Config, ExperimentConfig } from "../domain/config/index.ts";
import type { ArmStop, ExperimentStore } from "../domain/experiment/port.ts";
import { stopReason } from "../domain/experiment/stop.ts";
import { messageOf } from "./journal-loop.ts";
import type { ProcessLog } from "./process-log.ts";

type ArmConfig = ExperimentConfig["arms"][number];

export interface ExperimentGuardOptions {
  store: Pick<ExperimentStore, "armCounts" | "putStop" | "stops">;
  log: ProcessLog;
}

const MINUTE_MS = 60_000;

/** Gives up arms whose errors are beyond what their experiment allows. A stop outlives the process. */
export class ExperimentGuard {
  private readonly options: ExperimentGuardOptions;
  private readonly stops = new Map<string, ArmStop>();
  /** An arm was stopped, and may still take calls. */
  private isDue = false;

  constructor(options: ExperimentGuardOptions) {
    this.options = options;
    for (const stop of options.store.stops()) this.stops.set(idOf(stop.experiment, stop.arm), stop);
  }

  /** The stop of an arm as it is configured now; null: it takes calls. */
  stopOf(experiment: ExperimentConfig, arm: ArmConfig): ArmStop | null {
    const stop = this.stops.get(idOf(experiment.name, arm.name));
    return stop !== undefined && stop.mark === markOf(experiment, arm) ? stop : null;
  }

  /** All experiments, with the stops of their arms. */
  list({ experiments }: Pick<Config, "experiments">): (ExperimentConfig & { stopped: ArmStop[] })[] {
    return experiments.map((experiment) => ({
      ...experiment,
      stopped: experiment.arms.flatMap((arm) => this.stopOf(experiment, arm) ?? []),
    }));
  }

  /** Looks at all arms that may be stopped; true, until `applied`: there are stops that are not in force yet. */
  check({ experiments }: Pick<Config, "experiments">, now: number): boolean {
    for (const experiment of experiments) {
      if (experiment.enabled && experiment.stop_when !== undefined) this.look(experiment, now);
    }
    return this.isDue;
  }

  /** All stops are in force: what takes calls was built from them. */
  applied(): void {
    this.isDue = false;
  }

  /** What goes wrong with one experiment is told, and keeps no other from being looked at. */
  private look(experiment: ExperimentConfig, now: number): void {
    try {
      this.checkOne(experiment, now);
    } catch (error) {
      this.options.log("warn", `the experiment ${experiment.name} could not be looked at: ${messageOf(error)}`);
    }
  }

  private checkOne(experiment: ExperimentConfig, now: number): void {
    const { name, arms, stop_when: when } = experiment;
    const open = arms.slice(1).filter((arm) => this.stopOf(experiment, arm) === null);
    if (when === undefined || open.length === 0) return;
    const range = { since: now - when.within_minutes * MINUTE_MS, until: Number.MAX_SAFE_INTEGER };
    const counts = this.options.store.armCounts(name, range).arms;
    for (const arm of open) {
      const found = counts.get(arm.name);
      const rule = { errorRate: when.error_rate, requests: when.requests };
      const reason = found === undefined ? null : stopReason(rule, found);
      if (reason !== null)
        this.stop({ experiment: name, arm: arm.name, mark: markOf(experiment, arm), time: now, reason });
    }
  }

  private stop(stop: ArmStop): void {
    this.options.store.putStop(stop);
    this.stops.set(idOf(stop.experiment, stop.arm), stop);
    this.isDue = true;
    this.options.log("warn", `experiment ${stop.experiment}: the arm ${stop.arm} was stopped: ${stop.reason}`);
  }
}

function idOf(experiment: string, arm: string): string {
  return `${experiment}\n${arm}`;
}

/** Changes with the arm, and with what stops it. */
function markOf({ stop_when: when }: ExperimentConfig, arm: ArmConfig): string {
  return Bun.hash.wyhash(JSON.stringify([arm, when]), 0n).toString(36);
}
