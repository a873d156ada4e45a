import { addCharge } from "../domain/ledger/renew.ts";
import {
  releaseFrom,
  reserveAll,
  settleAll,
  type Limit,
  type Need,
  type Refusal,
  type Reservation,
} from "../domain/ledger/reserve.ts";
import type { Target } from "../domain/route/data.ts";
import { warnOnce } from "../canonical/warning.ts";
import type { Usage } from "../canonical/usage.ts";
import type { RequestContext } from "./context.ts";
import type { Lane } from "./lane.ts";
import { providerPriceOf, takenCost } from "./price.ts";
import { outputBound, worstCost } from "./stage/reserve.ts";
import { isPlausible } from "./usage.ts";

/** What one upstream call holds until it ends. */
export interface AttemptHold {
  readonly target: Target;
  /** At limits of its provider and provider key, which count what the provider takes, not what the caller is charged. */
  readonly reserved: Reservation[];
  /** The call has been made: it counts as a request from then on. */
  isSent: boolean;
  /** Gives back the place that the call has at its provider; null: it has none. */
  leave: (() => void) | null;
}

/** The hold of the lane's call that is about to be made to `target`; what one to another target held, which was not made, is given back. */
export function holdFor(context: RequestContext, lane: Lane, target: Target): AttemptHold {
  const known = lane.hold;
  if (known !== null && !known.isSent && isSame(known.target, target)) return known;
  settleAttempt(context, lane, null);
  const hold: AttemptHold = { target, reserved: [], isSent: false, leave: null };
  lane.hold = hold;
  return hold;
}

function isSame(one: Target, other: Target): boolean {
  return one.provider === other.provider && one.model === other.model && one.key === other.key;
}

/**
 * Reserves the worst case of one call to `target` (with the key that it is to be made with) at each of `limits`, or at none:
 * then the refusal of the first that it did not fit is returned. May be called several times for one call; `settleAttempt`
 * settles all of it.
 */
export function reserveAttempt(
  context: RequestContext,
  lane: Lane,
  target: Target,
  limits: readonly Limit[],
): Refusal | undefined {
  if (limits.length === 0) return undefined;
  const hold = holdFor(context, lane, target);
  const need = worstNeed(context, target, limits);
  const { runtime } = context;
  return reserveAll(limits, runtime.counters, runtime.clock.wall(), need, hold.reserved);
}

/**
 * The lane's call ended: what it reserved is replaced by what it used, its place at the provider is given back. `usage`: what its
 * provider reported; null: nothing, then it has used one request, and one that was never made nothing. Does nothing the second time.
 */
export function settleAttempt(context: RequestContext, lane: Lane, usage: Usage | null): void {
  const { hold } = lane;
  if (hold === null) return;
  lane.hold = null;
  settleReserved(context, hold, usage);
  // After its limits: whoever gets the place next finds them as they are now.
  hold.leave?.();
}

/** The call has become a session, whose meter renews what is reserved from now on. */
export function takeReserved({ hold }: RequestContext): Reservation[] {
  return hold === null ? [] : hold.reserved.splice(0);
}

function settleReserved(context: RequestContext, hold: AttemptHold, usage: Usage | null): void {
  const { reserved } = hold;
  if (reserved.length === 0) return;
  const { counters } = context.runtime;
  if (!hold.isSent) return releaseFrom(reserved, 0, counters);
  for (const charge of settleAll(reserved, counters, usedBy(context, hold, usage))) addCharge(context.charges, charge);
}

/** What a call has used of which nobody reported anything. */
const CALLED: Need = { nanoUsd: 0, requests: 1, tokens: 0 };

function usedBy(context: RequestContext, hold: AttemptHold, usage: Usage | null): Need {
  // What a failed call had reported before is not looked at by anybody else.
  if (!isPlausible(usage)) return CALLED;
  return {
    nanoUsd: (context.isMetered ? takenCost(context, hold.target, usage) : null) ?? 0,
    requests: 1,
    tokens: usage.inputTokens + usage.outputTokens,
  };
}

function worstNeed(context: RequestContext, target: Target, limits: readonly Limit[]): Need {
  const { inputTokens, outputTokens } = context.size;
  const isMoney = limits.some(({ data }) => data.metric === "usd");
  return { nanoUsd: isMoney ? worstMoney(context, target) : 0, requests: 1, tokens: inputTokens + (outputTokens ?? 0) };
}

/**
 * Whether one of the limits counts money and nobody knows what a call to the target costs. Says so on the request, and that it
 * is not counted, unless such calls are to be refused.
 */
export function isUnpriced(context: RequestContext, target: Target, limits: readonly Limit[]): boolean {
  if (!limits.some(({ data }) => data.metric === "usd")) return false;
  if (context.isMetered && providerPriceOf(context, target) !== null) return false;
  if (context.snapshot.data.unknownPrice === "refuse") return true;
  const text = `the price of ${target.provider}/${target.model} is unknown: not counted`;
  warnOnce(context.warnings, "price_unknown", "model", text);
  return false;
}

/** At least one: a limit that is used up refuses what nobody knows the price of, too. */
function worstMoney(context: RequestContext, target: Target): number {
  const price = context.isMetered ? providerPriceOf(context, target) : null;
  if (price === null) return 1;
  const output = Math.min(outputBound(context, target), context.outputCap ?? Infinity);
  return Math.max(1, worstCost(context, price, output));
}
