import type { Price } from "../domain/catalog/index.ts";
import { costNano, isPriced } from "../domain/catalog/index.ts";
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
import { priceOf, providerPriceOf } from "./price.ts";
import { outputBound, worstCost } from "./stage/reserve.ts";

/** At whose prices a limit counts money: what the caller is charged, or what the provider takes. */
export type Payer = "caller" | "provider";

/** What one upstream call holds until it ends. */
export interface AttemptHold {
  readonly target: Target;
  readonly reserved: Record<Payer, Reservation[]>;
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
  const hold: AttemptHold = { target, reserved: { caller: [], provider: [] }, isSent: false, leave: null };
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
  payer: Payer,
): Refusal | undefined {
  if (limits.length === 0) return undefined;
  const hold = holdFor(context, lane, target);
  const need = worstNeed(context, target, limits, payer);
  const { runtime } = context;
  return reserveAll(limits, runtime.counters, runtime.clock.wall(), need, hold.reserved[payer]);
}

/**
 * The lane's call ended: what it reserved is replaced by what it used, its place at the provider is given back. `usage`: what its
 * provider reported; null: nothing, then it has used one request, and one that was never made nothing. Does nothing the second time.
 */
export function settleAttempt(context: RequestContext, lane: Lane, usage: Usage | null): void {
  const { hold } = lane;
  if (hold === null) return;
  lane.hold = null;
  settleFor(context, hold, "caller", usage);
  settleFor(context, hold, "provider", usage);
  // After its limits: whoever gets the place next finds them as they are now.
  hold.leave?.();
}

/** The call has become a session: its meter renews what is held, with what the request holds itself. */
export function holdForSession(context: RequestContext): void {
  const { hold } = context;
  if (hold === null) return;
  context.held.push(...hold.reserved.caller.splice(0), ...hold.reserved.provider.splice(0));
}

function settleFor(context: RequestContext, hold: AttemptHold, payer: Payer, usage: Usage | null): void {
  const reserved = hold.reserved[payer];
  if (reserved.length === 0) return;
  if (!hold.isSent) return releaseFrom(reserved, 0, context.runtime.counters);
  const used = usedBy(context, hold, payer, usage);
  for (const charge of settleAll(reserved, context.runtime.counters, used)) addCharge(context.charges, charge);
}

/** What a call has used of which nobody reported anything. */
const CALLED: Need = { nanoUsd: 0, requests: 1, tokens: 0 };

function usedBy(context: RequestContext, hold: AttemptHold, payer: Payer, usage: Usage | null): Need {
  if (usage === null) return CALLED;
  return {
    nanoUsd: costOf(context, hold.target, payer, usage),
    requests: 1,
    tokens: usage.inputTokens + usage.outputTokens,
  };
}

function costOf(context: RequestContext, target: Target, payer: Payer, usage: Usage): number {
  const price = priceFor(context, target, payer);
  if (price === null || !context.isMetered || !isPriced(price, usage)) return 0;
  return costNano(price, usage, context.serviceTier ?? undefined);
}

function worstNeed(context: RequestContext, target: Target, limits: readonly Limit[], payer: Payer): Need {
  const { inputTokens, outputTokens } = context.size;
  const isMoney = limits.some(({ data }) => data.metric === "usd");
  const nanoUsd = isMoney ? worstMoney(context, target, payer) : 0;
  return { nanoUsd, requests: 1, tokens: inputTokens + (outputTokens ?? 0) };
}

/**
 * Whether one of the limits counts money and nobody knows what a call to the target costs. Says so on the request, and that it
 * is not counted, unless such calls are to be refused.
 */
export function isUnpriced(context: RequestContext, target: Target, limits: readonly Limit[], payer: Payer): boolean {
  if (!limits.some(({ data }) => data.metric === "usd")) return false;
  if (context.isMetered && priceFor(context, target, payer) !== null) return false;
  if (context.snapshot.data.unknownPrice === "refuse") return true;
  const text = `the price of ${target.provider}/${target.model} is unknown: not counted`;
  warnOnce(context.warnings, "price_unknown", "model", text);
  return false;
}

/** At least one: a limit that is used up refuses what nobody knows the price of, too. */
function worstMoney(context: RequestContext, target: Target, payer: Payer): number {
  const price = context.isMetered ? priceFor(context, target, payer) : null;
  if (price === null) return 1;
  const output = Math.min(outputBound(context, target), context.outputCap ?? Infinity);
  return Math.max(1, worstCost(context, price, output));
}

function priceFor(context: RequestContext, target: Target, payer: Payer): Price | null {
  return payer === "caller" ? priceOf(context, target) : providerPriceOf(context, target);
}
