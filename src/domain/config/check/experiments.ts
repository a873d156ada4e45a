import type { Path } from "../path.ts";
import type { ExperimentConfig } from "../schema/types.ts";
import { checkCondition } from "./conditions.ts";
import type { CheckContext } from "./context.ts";
import { checkUnique, checkWeights } from "./lists.ts";
import { checkScope } from "./routing.ts";
import { checkModelString, checkModelStrings, checkTargets } from "./targets.ts";

/** Experiments: names, scopes, conditions, where arms lead, and ramps in order of time. */
export function checkExperiments(context: CheckContext): void {
  const { experiments } = context.config;
  checkUnique(context, ["experiments"], experiments);
  for (const [at, experiment] of experiments.entries()) {
    const path = ["experiments", at];
    checkScope(context, path, experiment);
    checkCondition(context, [...path, "when"], experiment.when);
    checkArms(context, [...path, "arms"], experiment);
    checkRamp(context, [...path, "ramp"], experiment);
  }
}

function checkArms(context: CheckContext, path: Path, { arms, ramp }: ExperimentConfig): void {
  checkUnique(context, path, arms);
  checkWeights(context, path, ramp.length > 0 ? arms.slice(1) : arms);
  for (const [at, arm] of arms.entries()) {
    const place = [...path, at];
    if (arm.model !== undefined) checkModelString(context, [...place, "model"], arm.model);
    if (arm.model !== undefined && arm.targets.length > 0)
      context.problem([...place, "model"], "stands beside targets", "keep one of them");
    checkTargets(context, [...place, "targets"], arm.targets);
    checkModelStrings(context, [...place, "fallbacks"], arm.fallbacks);
  }
}

function checkRamp(context: CheckContext, path: Path, { ramp }: ExperimentConfig): void {
  for (const [at, { from }] of ramp.entries()) {
    const before = ramp[at - 1];
    if (before !== undefined && from <= before.from)
      context.problem([...path, at, "from"], "must be later than the step before it");
  }
}
