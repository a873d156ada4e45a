import { unitHash } from "../../lib/unit-hash.ts";
import type { ArmData, ExperimentData } from "./data.ts";

/**
 * The arm of a unit, by its hash alone: the same at all times, in every thread and process. While a ramp or a weight grows,
 * units only move into what grows. Null: the experiment has not begun.
 */
export function assignArm({ name, arms, ramp }: ExperimentData, unit: string, now: number): ArmData | null {
  const [first, ...others] = arms;
  if (first === undefined) return null;
  if (ramp.length === 0) return standing(heaviest(arms, name, unit), first);
  const percent = percentAt(ramp, now);
  if (percent === null) return null;
  if (unitHash(`${name}\nramp\n${unit}`) * 100 >= percent) return first;
  return standing(heaviest(others, name, unit), first);
}

/** The arm that a unit is drawn for, unless that was stopped: no other unit moves then. */
function standing(arm: ArmData | null, first: ArmData): ArmData {
  return arm === null || arm.isStopped === true ? first : arm;
}

/** How many of a hundred units are in an arm beside the first; null: not begun. */
export function percentAt(ramp: ExperimentData["ramp"], now: number): number | null {
  let found: ExperimentData["ramp"][number] | null = null;
  for (const step of ramp) if (step.from <= now && (found === null || step.from >= found.from)) found = step;
  return found?.percent ?? null;
}

/** Weighted rendezvous hashing: each arm draws for the unit by itself, and the best draw has it. */
function heaviest(arms: readonly ArmData[], experiment: string, unit: string): ArmData | null {
  let best: ArmData | null = null;
  let least = Infinity;
  for (const arm of arms) {
    if (arm.weight <= 0) continue;
    const cost = -Math.log(unitHash(`${experiment}\n${arm.name}\n${unit}`)) / arm.weight;
    if (cost < least) [best, least] = [arm, cost];
  }
  return best;
}
