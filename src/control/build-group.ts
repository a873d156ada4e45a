import type { RuleConfig, TargetConfig } from "../domain/config/index.ts";
import type { GroupPolicy, WeightedTarget } from "../domain/route/data.ts";

/** How a group of targets is put in order; `slot`: where its turns are counted. */
export function buildPolicy(
  { policy: name, sticky }: Pick<RuleConfig, "policy" | "sticky">,
  slot: number,
): GroupPolicy {
  return { name, slot, ...(sticky !== undefined && { sticky }) };
}

export function buildTarget({
  provider,
  model,
  key,
  weight,
  when,
}: TargetConfig & { when?: string | undefined }): WeightedTarget {
  return {
    weight,
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...(key !== undefined && { key }),
    ...(when !== undefined && { when }),
  };
}
