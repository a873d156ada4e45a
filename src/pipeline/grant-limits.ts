import { GatewayError } from "../canonical/errors.ts";
import { isJobOperation } from "../canonical/names.ts";
import type { TraceTarget } from "../canonical/trace.ts";
import { addCharge } from "../domain/ledger/renew.ts";
import {
  amountFor,
  releaseFrom,
  reserveAll,
  settleAll,
  type Limit,
  type Reservation,
} from "../domain/ledger/reserve.ts";
import type { Target } from "../domain/route/data.ts";
import type { Grant } from "./caller.ts";
import type { RequestContext } from "./context.ts";
import type { Lane } from "./lane.ts";
import { limitTime } from "./limit-time.ts";
import { limitError } from "./stage/refuse.ts";
import { reserveWorst, worstAt } from "./stage/reserve.ts";

/** What is held of a grant while its target is called; beside it, what the request and its lane were like before. */
export interface GrantHold {
  reservations: readonly Reservation[];
  outputCap: number | null;
  calls: number;
}

/** Whether nothing more may be used of a grant now; a look, that reserves nothing. */
export function isUsedUp(context: RequestContext, { rateLimits, budgets }: Grant): boolean {
  if (rateLimits.length + budgets.length === 0) return false;
  const { runtime, size } = context;
  const now = limitTime(context);
  const least = { nanoUsd: 1, requests: 1, tokens: size.inputTokens + (size.outputTokens ?? 0) };
  const isFull = (limit: Limit): boolean => !limit.hasRoom(runtime.counters, now, amountFor(limit, least));
  return rateLimits.some(isFull) || budgets.some(isFull);
}

/** The targets whose limits are not used up; all of them when none is left, so that the refusal tells why. */
export function withoutUsedUp(context: RequestContext, targets: Target[]): Target[] {
  return context.caller?.hasGrantLimits === true ? withRoom(context, targets) : targets;
}

function withRoom(context: RequestContext, targets: Target[]): Target[] {
  const left = targets.filter((target) => !isTargetUsedUp(context, target));
  if (left.length === 0 || left.length === targets.length) return targets;
  for (const target of targets) if (!left.includes(target)) noteUsedUp(context, target);
  return left;
}

/** Whether a budget for the target's provider has no room for its worst case: it could only serve with its output cut. */
export function isShortOfMoney(context: RequestContext, target: Target): boolean {
  if (context.caller?.hasGrantLimits !== true || isFree(context)) return false;
  const budgets = context.caller.grants.get(target.provider)?.budgets ?? [];
  return budgets.length > 0 && isAnyShort(context, target, budgets);
}

function isAnyShort(context: RequestContext, target: Target, budgets: readonly Limit[]): boolean {
  const worst = worstAt(context, target)?.worst ?? 0;
  const now = limitTime(context);
  return budgets.some((budget) => !budget.hasRoom(context.runtime.counters, now, worst));
}

function isFree({ arrival: { operation } }: RequestContext): boolean {
  return operation === "count_tokens" || isJobOperation(operation);
}

function isTargetUsedUp(context: RequestContext, { provider }: Target): boolean {
  const grant = context.caller?.grants.get(provider);
  return grant !== undefined && isUsedUp(context, grant);
}

/**
 * Reserves what calling the target may use of its grant: of a caller's limits for one provider only the target that is about to be
 * called may take, so they cannot be held before. What is held for the one that served is settled with all else that the request
 * holds; `lane.grant` says what it is. Returns the error of limits that have no room, which is noted; nothing is held then.
 */
export function holdGrant(context: RequestContext, lane: Lane, target: Target): GatewayError | null {
  lane.grant = null;
  if (context.caller?.hasGrantLimits !== true) return null;
  const grant = context.caller.grants.get(target.provider);
  if (grant === undefined || grant.rateLimits.length + grant.budgets.length === 0) return null;
  const { held, outputCap } = context;
  const before = held.length;
  try {
    reserve(context, grant, target);
  } catch (error) {
    releaseFrom(held, before, context.runtime.counters);
    if (!(error instanceof GatewayError)) throw error;
    noteUsedUp(context, target);
    return error;
  }
  lane.grant = { reservations: held.slice(before), outputCap, calls: lane.calls };
  return null;
}

function reserve(context: RequestContext, { rateLimits, budgets }: Grant, target: Target): void {
  const { runtime, held, size } = context;
  const tokens = size.inputTokens + (size.outputTokens ?? 0);
  const need = { nanoUsd: 0, requests: 1, tokens };
  const refusal = reserveAll(rateLimits, runtime.counters, limitTime(context), need, held);
  if (refusal !== undefined) throw limitError("rate_limited", refusal);
  if (budgets.length > 0 && !isFree(context)) reserveWorst(context, budgets, [target]);
}

/** The target did not serve: what was held for it is given back, but for what calling it has used. Does nothing the second time. */
export function dropGrant(context: RequestContext, lane: Lane): void {
  const { held, runtime } = context;
  const hold = lane.grant;
  if (hold === null) return;
  lane.grant = null;
  const dropped: Reservation[] = [];
  for (const reservation of hold.reservations) {
    const at = held.indexOf(reservation);
    if (at >= 0) dropped.push(...held.splice(at, 1));
  }
  const requests = lane.calls > hold.calls ? 1 : 0;
  const charges = settleAll(dropped, runtime.counters, lane.lost ?? { nanoUsd: 0, requests, tokens: 0 });
  for (const charge of charges) if (charge.amount > 0) addCharge(context.charges, charge);
  context.outputCap = hold.outputCap;
}

/** Takes out of what the request holds what it holds at limits for the provider that served it. */
export function takeGranted({ caller, served, held }: RequestContext): Reservation[] {
  const grant = served === null ? undefined : caller?.grants.get(served.provider);
  if (grant === undefined) return [];
  const taken = held.filter(({ limit }) => grant.rateLimits.includes(limit) || grant.budgets.includes(limit));
  for (const reservation of taken) held.splice(held.indexOf(reservation), 1);
  return taken;
}

function noteUsedUp({ trace }: RequestContext, target: Target): void {
  const isKnown = trace.some(({ result, target: known }) => result === "limits_exhausted" && isSame(known, target));
  if (!isKnown) trace.push({ step: "left_out", result: "limits_exhausted", target });
}

function isSame(one: TraceTarget | undefined, { provider, model }: Target): boolean {
  return one !== undefined && one.provider === provider && one.model === model;
}
