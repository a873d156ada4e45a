import type { Config, ExperimentConfig } from "../domain/config/index.ts";
import type { ArmData, ExperimentData } from "../domain/route/data.ts";
import { buildPolicy, buildTarget } from "./build-group.ts";
import type { ExperimentGuard } from "./experiment-guard.ts";
import type { TargetSlots } from "./target-slots.ts";

/** Experiments that calls may take part in, in the order in which they are looked at. */
export function buildExperiments(
  { experiments }: Config,
  slots: TargetSlots,
  guard: Pick<ExperimentGuard, "stopOf">,
): ExperimentData[] {
  const enabled = experiments.filter((experiment) => experiment.enabled);
  const ordered = enabled.toSorted((one, other) => one.priority - other.priority);
  return ordered.map((experiment) => {
    const { name, scope, when, unit, arms, ramp } = experiment;
    const built = arms.map((arm) => ({
      ...buildArm(arm, slots.groupSlotOf(`experiment\n${name}\n${arm.name}`)),
      isStopped: guard.stopOf(experiment, arm) !== null,
    }));
    return { name, scope, when, unit, arms: built, ramp };
  });
}

function buildArm(arm: ExperimentConfig["arms"][number], slot: number): ArmData {
  const targets = arm.model === undefined ? arm.targets.map(buildTarget) : [{ model: arm.model, weight: 1 }];
  return { name: arm.name, weight: arm.weight, targets, policy: buildPolicy(arm, slot), fallbacks: arm.fallbacks };
}
