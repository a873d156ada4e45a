import { GatewayError } from "../../canonical/errors.ts";
import type { Price } from "../../domain/catalog/index.ts";
import { costNano } from "../../domain/catalog/index.ts";
import { emptyUsage } from "../../canonical/usage.ts";
import type { Target } from "../../domain/route/data.ts";
import { serves } from "../../domain/balance/keys.ts";
import { answersAsked } from "../../domain/ledger/estimate.ts";
import { reserveAll, type Limit } from "../../domain/ledger/reserve.ts";
import type { RequestContext, Stage } from "../context.ts";
import { limitTime } from "../limit-time.ts";
import { priceOf } from "../price.ts";
import { limitError } from "./refuse.ts";

/** Output that is reserved for when neither the request nor the catalog says how much it may be. */
const DEFAULT_OUTPUT_TOKENS = 4096;
/** With room for less than this many tokens of output, the budget refuses instead of capping the answer. */
const LEAST_OUTPUT_TOKENS = 16;

/** Reserves money before the call: the worst case of the dearest target. */
export const reserve: Stage = {
  name: "reserve",
  admit(context: RequestContext): void {
    const { caller, targets } = context;
    if (caller === null || caller.budgets.length === 0) return;
    reserveWorst(context, caller.budgets, targets);
  },
};

/**
 * Reserves the worst case of the dearest of the targets at all of the budgets, or throws what refuses it; where only less fits, all
 * that is left, and the output is capped to what that pays for.
 */
export function reserveWorst(context: RequestContext, budgets: readonly Limit[], targets: readonly Target[]): void {
  const dearest = dearestOf(context, targets, unknownPrice);
  if (dearest === null) reserveMoney(context, budgets, 0);
  else reserveFor(context, budgets, dearest);
}

interface Dearest {
  price: Price;
  outputTokens: number;
  /** Nano-dollars. */
  worst: number;
}

/** The target that would cost most: any of them may end up serving the request. Null when no price is known. */
function dearestOf(
  context: RequestContext,
  targets: readonly Target[],
  unknown: (context: RequestContext, target: Target) => void,
): Dearest | null {
  let dearest: Dearest | null = null;
  const priced = context.snapshot.hasKeyPrices ? allKeyed(context, targets) : targets;
  for (const target of priced) {
    const own = worstAt(context, target);
    if (own === null) unknown(context, target);
    else if (dearest === null || own.worst > dearest.worst) dearest = own;
  }
  return dearest;
}

/** What a request may cost at the dearest of some targets, nano-dollars; 0 when no price is known. */
export function worstOf(context: RequestContext, targets: readonly Target[]): number {
  return dearestOf(context, targets, () => {})?.worst ?? 0;
}

/** What a call to the target costs at most; null when its price is unknown. */
export function worstAt(context: RequestContext, target: Target): Dearest | null {
  const price = context.isMetered ? priceOf(context, target) : null;
  if (price === null) return null;
  const outputTokens = outputBound(context, target);
  return { price, outputTokens, worst: worstCost(context, price, outputTokens) };
}

function allKeyed(context: RequestContext, targets: readonly Target[]): Target[] {
  return targets.flatMap((each) => keyedTargets(context, each));
}

/** A target once for each of its keys that may serve it, where keys have prices of their own. */
function keyedTargets({ snapshot }: RequestContext, target: Target): readonly Target[] {
  if (target.key !== undefined) return [target];
  const known = snapshot.providers.get(target.provider)?.keys ?? [];
  const keys = known.filter((key) => serves(key, target.model));
  return keys.length === 0 ? [target] : keys.map(({ data }) => ({ ...target, key: data.name }));
}

/** The most output tokens that a call to a target may bring. */
export function outputBound(context: RequestContext, target: Target): number {
  if (context.size.outputTokens !== null) return context.size.outputTokens;
  const limit = context.runtime.catalog.findModel(target.provider, target.model)?.maxOutputTokens;
  return (limit ?? DEFAULT_OUTPUT_TOKENS) * answersOf(context);
}

/** How many answers a chat asks for; they share what the budget leaves. */
function answersOf({ chatRequest }: RequestContext): number {
  return chatRequest === null ? 1 : answersAsked(chatRequest);
}

/** A usage that is only lent to one computation at a time, to make none per request. */
const SCRATCH = emptyUsage();

/** What a call costs at most with so many output tokens, nano-dollars. */
export function worstCost(context: RequestContext, price: Price, outputTokens: number): number {
  const { size, chatRequest } = context;
  const modalities = chatRequest?.modalities;
  const isAudio = size.isAudio === true;
  SCRATCH.inputTokens = size.inputTokens;
  SCRATCH.outputTokens = outputTokens;
  SCRATCH.audioInputTokens = isAudio ? size.inputTokens : 0;
  SCRATCH.audioOutputTokens = isAudio || modalities?.includes("audio") === true ? outputTokens : 0;
  SCRATCH.imageOutputTokens = modalities?.includes("image") === true ? outputTokens : 0;
  SCRATCH.units = size.units;
  const cost = costNano(price, SCRATCH, chatRequest?.serviceTier);
  return size.cacheWrite === undefined ? cost : Math.max(cost, writtenCost(context, price));
}

/** The same when all of the input is written to the provider's cache. */
function writtenCost({ size, chatRequest }: RequestContext, price: Price): number {
  if (size.cacheWrite === "1h") SCRATCH.cacheWrite1hTokens = size.inputTokens;
  else SCRATCH.cacheWriteTokens = size.inputTokens;
  const cost = costNano(price, SCRATCH, chatRequest?.serviceTier);
  SCRATCH.cacheWriteTokens = 0;
  SCRATCH.cacheWrite1hTokens = 0;
  return cost;
}

/** Reserves the worst case; when only less fits, what is left, with the output capped to what it pays for. */
function reserveFor(context: RequestContext, budgets: readonly Limit[], dearest: Dearest): void {
  const { worst } = dearest;
  const left = leftOf(context, budgets);
  if (worst <= left) return reserveMoney(context, budgets, worst);
  const input = worstCost(context, dearest.price, 0);
  const perToken = (worst - input) / dearest.outputTokens;
  const affordable = perToken > 0 ? Math.floor((left - input) / perToken / answersOf(context)) : 0;
  const isFixed =
    context.chatRequest === null || context.arrival.passing !== undefined || context.arrival.isCompaction === true;
  if (isFixed || affordable < LEAST_OUTPUT_TOKENS) return reserveMoney(context, budgets, worst);
  context.outputCap = Math.min(context.outputCap ?? Infinity, affordable);
  context.warnings.push({
    code: "changed_field",
    field: "max_output_tokens",
    message: `the budget leaves room for ${affordable} output tokens`,
  });
  reserveMoney(context, budgets, left);
}

function leftOf(context: RequestContext, budgets: readonly Limit[]): number {
  const now = limitTime(context);
  let left = Infinity;
  for (const budget of budgets) left = Math.min(left, budget.left(context.runtime.counters, now));
  return left;
}

function reserveMoney(context: RequestContext, budgets: readonly Limit[], nanoUsd: number): void {
  const need = { nanoUsd: Math.max(1, nanoUsd), requests: 0, tokens: 0 };
  const refusal = reserveAll(budgets, context.runtime.counters, limitTime(context), need, context.held);
  if (refusal !== undefined) throw limitError("budget_exceeded", refusal);
}

function unknownPrice(context: RequestContext, target: Target): void {
  const model = `${target.provider}/${target.model}`;
  if (context.snapshot.data.unknownPrice === "refuse") {
    const text = `a budget applies and the price of ${model} is unknown: set it under the provider's pricing`;
    throw new GatewayError("budget_exceeded", text);
  }
  context.warnings.push({
    code: "price_unknown",
    field: "model",
    message: `the price of ${model} is unknown: not counted`,
  });
}
