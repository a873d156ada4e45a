import { isJsonObject } from "../canonical/json.ts";
import { POLICIES } from "../domain/balance/policies/index.ts";
import type { Candidate, PolicyInput } from "../domain/balance/policies/policy.ts";
import type { TargetReading } from "../domain/balance/target-health.ts";
import { weightedOrder } from "../domain/balance/weighted.ts";
import type { Choice, GroupPolicy, Target } from "../domain/route/data.ts";
import { firstDrawn, notingDraw } from "./noting-draw.ts";
import { blendedPrice } from "./blended-price.ts";
import type { RequestContext } from "./context.ts";

/** Puts the choices of a group into the order in which to try them, as its policy says. */
export function rankChoices(
  context: RequestContext,
  choices: readonly Choice[],
  policy: GroupPolicy,
): readonly Choice[] {
  return choices.length < 2 ? choices : rankSeveral(context, choices, policy);
}

function rankSeveral(context: RequestContext, choices: readonly Choice[], policy: GroupPolicy): readonly Choice[] {
  const { targets } = context.runtime;
  const draw = notingDraw(context.runtime.draw);
  if (policy.name === "weighted") return drawn(weightedOrder(choices, draw));
  const candidates = choices.flatMap((choice) => {
    const target = choice.targets[0];
    return target === undefined ? [] : [new RankedChoice(context, choice, target)];
  });
  const input: PolicyInput = {
    draw,
    isStream: context.call.stream,
    turn: () => targets.turn(policy.slot),
    affinity: () => affinityOf(context),
  };
  return drawn(POLICIES[policy.name](candidates, input).map(scored));
}

/** The choice with what its policy ranked it by. */
function scored({ choice, score }: RankedChoice): Choice {
  choice.score = score !== null && Number.isFinite(score) ? score : null;
  return choice;
}

function drawn(ranked: readonly Choice[]): readonly Choice[] {
  const [first] = ranked;
  if (first !== undefined) first.draw = firstDrawn();
  return ranked;
}

/** A choice with the figures of the place that it would be tried at first; each is read when the policy asks for it. */
class RankedChoice implements Candidate {
  readonly choice: Choice;
  private readonly context: RequestContext;
  private readonly target: Target;
  private known: TargetReading | null = null;
  score: number | null = null;

  constructor(context: RequestContext, choice: Choice, target: Target) {
    this.context = context;
    this.choice = choice;
    this.target = target;
  }

  get weight(): number {
    return this.choice.weight;
  }

  get id(): string {
    const { provider, model, key = "" } = this.target;
    return `${provider}/${model}#${key}`;
  }

  get reading(): TargetReading {
    this.known ??= readTarget(this.context, this.target);
    return this.known;
  }

  get price(): number | null {
    return blendedPrice(this.context, this.target);
  }
}

export function readTarget({ snapshot, runtime }: RequestContext, target: Target): TargetReading {
  return runtime.targets.read(snapshot.slotOf(target).slot, runtime.clock.wall());
}

/** What stays at one target: a session, else an end user, else a virtual key; a request that has none of them is drawn by its id. */
function affinityOf({ arrival, intent, caller }: RequestContext): string {
  const { json } = arrival.body;
  const metadata = isJsonObject(json["metadata"]) ? json["metadata"] : {};
  const named = [arrival.headers.get("x-session-id"), json["session_id"], json["user"], metadata["user_id"]];
  const found = named.find((value): value is string => typeof value === "string" && value !== "");
  return found ?? intent?.endUser ?? caller?.data.name ?? arrival.id;
}
