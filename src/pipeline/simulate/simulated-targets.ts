import type { SimulatedTarget } from "../../canonical/decision.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { LEFT_OUT_REASONS } from "../../canonical/names.ts";
import type { Target } from "../../domain/route/data.ts";
import { usdOf } from "../blended-price.ts";
import type { RequestContext } from "../context.ts";
import { kindOf } from "../kind.ts";
import { priceOf } from "../price.ts";
import type { ReadyProvider } from "../provider.ts";
import { outputBound, worstCost } from "../stage/reserve.ts";
import { waitingFor } from "../target-turn.ts";

const NANO = 1e9;

/** The targets in the order in which they would be tried: those that have to wait go behind. */
export function simulatedTargets(context: RequestContext): SimulatedTarget[] {
  const all = context.targets.map((target) => simulatedTarget(context, target));
  return [...all.filter((each) => each.put_last === null), ...all.filter((each) => each.put_last !== null)];
}

function simulatedTarget(context: RequestContext, target: Target): SimulatedTarget {
  const { provider: name, model, key } = target;
  const provider = context.snapshot.providers.get(name);
  const keys = provider === undefined ? [] : keysOf(context, provider, target);
  const waits = waitingFor(context, target, context.runtime.clock.wall());
  const price = priceOf(context, target);
  const fit = provider === undefined ? NOTHING : prepared(context, target, provider);
  return {
    provider: name,
    model,
    key: key ?? null,
    keys,
    left_out: keys.length === 0 ? { code: "no_key", text: LEFT_OUT_REASONS.no_key } : fit.left_out,
    put_last: waits === null ? null : { code: waits, text: LEFT_OUT_REASONS[waits] },
    price: usdOf(context, target),
    most_cost_usd: price === null ? null : worstCost(context, price, outputBound(context, target)) / NANO,
    warnings: fit.warnings,
  };
}

function keysOf({ runtime }: RequestContext, { keys }: ReadyProvider, target: Target): SimulatedTarget["keys"] {
  const now = runtime.clock.wall();
  return keys
    .filter(({ data }) => target.key === undefined || data.name === target.key)
    .filter(({ allowed, blocked }) => allowed.test(target.model) && !blocked.test(target.model))
    .map(({ data }) => ({ name: data.name, weight: data.weight, resting: runtime.health.isResting(data.slot, now) }));
}

type Fit = Pick<SimulatedTarget, "left_out" | "warnings">;

const NOTHING: Fit = { left_out: null, warnings: [] };

/** Encodes the request for the target, to see what that leaves behind. */
function prepared(context: RequestContext, target: Target, provider: ReadyProvider): Fit {
  const known = context.warnings.length;
  try {
    kindOf(context.arrival.operation).prepare(context, target, provider);
    return { left_out: null, warnings: context.warnings.slice(known) };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const code = error.code === "unsupported_operation" ? error.code : "cannot_take_request";
    return { left_out: { code, text: `${LEFT_OUT_REASONS[code]}: ${error.message}` }, warnings: [] };
  } finally {
    context.warnings.length = known;
    context.reply = null;
  }
}
