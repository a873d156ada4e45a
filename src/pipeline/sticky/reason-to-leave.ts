import type { PolicyName } from "../../canonical/names.ts";
import { emptyUsage } from "../../canonical/usage.ts";
import { latencyOf } from "../../domain/balance/policies/latency.ts";
import { healthScore } from "../../domain/balance/score.ts";
import type { StickyEntry } from "../../domain/balance/sticky-table.ts";
import { costNano } from "../../domain/catalog/index.ts";
import type { Choice, Target } from "../../domain/route/data.ts";
import type { RequestContext } from "../context.ts";
import { priceOf } from "../price.ts";
import { readTarget } from "../rank-targets.ts";

/** A session at a target, and where else it could go. */
interface Stay {
  context: RequestContext;
  entry: StickyEntry;
  target: Target;
  others: readonly Choice[];
  policy: PolicyName;
}

/** Calls under way that a target may have before comparing means anything. */
const SPARE_CALLS = 8;

/** What a target costs by a policy, lower is better; null: not known, which is no reason to go. */
type CostOf = (stay: Stay, choice: Pick<Choice, "weight">, target: Target) => number | null;

/**
 * Policies under which a warm cache may be left, and what they compare; the others distribute sessions rather than turns.
 */
const COSTS: Partial<Record<PolicyName, { costOf: CostOf; says: string }>> = {
  lowest_latency: {
    costOf: ({ context }, _, target) => latencyOf(readTarget(context, target), context.call.stream),
    says: "slower",
  },
  highest_throughput: {
    costOf: ({ context }, _, target) => readTarget(context, target).perToken?.peak ?? null,
    says: "slower",
  },
  least_busy: {
    costOf: ({ context }, { weight }, target) =>
      weight > 0 ? (readTarget(context, target).inFlight + SPARE_CALLS) / weight : null,
    says: "busier",
  },
  adaptive: {
    costOf: ({ context }, _, target) => 1 / healthScore(readTarget(context, target)),
    says: "in worse health",
  },
};

/** Why another target of the group is worth a cold cache; null: none is. */
export function reasonToLeave(stay: Stay): string | null {
  if (stay.policy === "cheapest") return dearer(stay);
  const rule = COSTS[stay.policy];
  if (rule === undefined) return null;
  const { switchFactor } = stay.context.snapshot.data.sticky;
  const own = rule.costOf(stay, { weight: weightOf(stay) }, stay.target);
  const best = bestOf(stay, (choice, target) => rule.costOf(stay, choice, target));
  if (own === null || best === null || own <= switchFactor * best.cost) return null;
  return `more than ${switchFactor} times ${rule.says} than ${best.name}`;
}

/** The group's own policy says what a share is; a kept target counts as the heaviest of them. */
function weightOf({ others }: Stay): number {
  return Math.max(1, ...others.map(({ weight }) => weight));
}

/** Whether this turn costs less elsewhere, all of its input at full price, than here with what is cached. */
function dearer(stay: Stay): string | null {
  const { context, entry, target } = stay;
  const own = turnCost(context, entry, target, entry.cachedTokens);
  const best = bestOf(stay, (_, other) => turnCost(context, entry, other, 0));
  if (own === null || best === null || own <= best.cost) return null;
  return `dearer than ${best.name} even with ${entry.cachedTokens} cached tokens`;
}

/** Nano-dollars of a turn as long as this one with an answer as long as the last; null: the price is not known. */
function turnCost(
  context: RequestContext,
  { outputTokens }: StickyEntry,
  target: Target,
  cached: number,
): number | null {
  const price = priceOf(context, target);
  if (price === null) return null;
  const { inputTokens } = context.size;
  const cachedInputTokens = Math.min(cached, inputTokens);
  return costNano(price, { ...emptyUsage(), inputTokens, cachedInputTokens, outputTokens });
}

function bestOf(
  { others }: Stay,
  costOf: (choice: Choice, target: Target) => number | null,
): { cost: number; name: string } | null {
  let best: { cost: number; name: string } | null = null;
  for (const choice of others) {
    const target = choice.targets[0];
    const cost = target === undefined || choice.weight <= 0 ? null : costOf(choice, target);
    if (target === undefined || cost === null || (best !== null && cost >= best.cost)) continue;
    best = { cost, name: `${target.provider}/${target.model}` };
  }
  return best;
}
