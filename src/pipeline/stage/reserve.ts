import { GatewayError } from "../../canonical/errors.ts";
import type { Price } from "../../domain/catalog/index.ts";
import { costNano } from "../../domain/catalog/index.ts";
import { emptyUsage } from "../../canonical/usage.ts";
import type { Target } from "../../domain/route/data.ts";
import { answersAsked } from "../../domain/ledger/estimate.ts";
import { reserveAll } from "../../domain/ledger/reserve.ts";
import type { Caller } from "../caller.ts";
import type { RequestContext, Stage } from "../context.ts";
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
    const dearest = dearestOf(context, targets);
    if (dearest === null) reserveMoney(context, caller, 0);
    else reserveFor(context, caller, dearest);
  },
};

interface Dearest {
  price: Price;
  outputTokens: number;
  /** Nano-dollars. */
  worst: number;
}

/** The target that would cost most: any of them may end up serving the request. Null when no price is known. */
function dearestOf(context: RequestContext, targets: readonly Target[]): Dearest | null {
  let dearest: Dearest | null = null;
  const priced = context.snapshot.hasKeyPrices ? targets.flatMap((each) => keyedTargets(context, each)) : targets;
  for (const target of priced) {
    const price = context.isMetered ? priceOf(context, target) : null;
    if (price === null) {
      unknownPrice(context, target);
      continue;
    }
    const outputTokens = outputBound(context, target);
    const worst = worstCost(context, price, outputTokens);
    if (dearest === null || worst > dearest.worst) dearest = { price, outputTokens, worst };
  }
  return dearest;
}

/** A target once for each of its keys where keys have prices of their own: any of them may serve. */
function keyedTargets({ snapshot }: RequestContext, target: Target): readonly Target[] {
  if (target.key !== undefined) return [target];
  const keys = snapshot.providers.get(target.provider)?.keys ?? [];
  return keys.length === 0 ? [target] : keys.map(({ data }) => ({ ...target, key: data.name }));
}

/** Output tokens that a call to this target may bring at most. */
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

/** Nano-dollars that the request costs at this price, with so much output. */
export function worstCost(context: RequestContext, price: Price, outputTokens: number): number {
  SCRATCH.inputTokens = context.size.inputTokens;
  SCRATCH.outputTokens = outputTokens;
  SCRATCH.audioInputTokens = context.size.isAudio === true ? context.size.inputTokens : 0;
  SCRATCH.audioOutputTokens = context.size.isAudio === true ? outputTokens : 0;
  SCRATCH.units = context.size.units;
  return costNano(price, SCRATCH, context.chatRequest?.serviceTier);
}

/** Reserves the worst case; when only less fits, what is left, with the output capped to what it pays for. */
function reserveFor(context: RequestContext, caller: Caller, dearest: Dearest): void {
  const { worst } = dearest;
  const left = leftOf(context, caller);
  if (worst <= left) return reserveMoney(context, caller, worst);
  const input = worstCost(context, dearest.price, 0);
  const perToken = (worst - input) / dearest.outputTokens;
  const affordable = perToken > 0 ? Math.floor((left - input) / perToken / answersOf(context)) : 0;
  const isFixed =
    context.chatRequest === null || context.arrival.passing !== undefined || context.arrival.isCompaction === true;
  if (isFixed || affordable < LEAST_OUTPUT_TOKENS) return reserveMoney(context, caller, worst);
  context.outputCap = affordable;
  context.warnings.push({
    code: "changed_field",
    field: "max_output_tokens",
    message: `the budget leaves room for ${affordable} output tokens`,
  });
  reserveMoney(context, caller, left);
}

function leftOf(context: RequestContext, caller: Caller): number {
  let left = Infinity;
  for (const budget of caller.budgets)
    left = Math.min(left, budget.left(context.runtime.counters, context.arrival.wall));
  return left;
}

function reserveMoney(context: RequestContext, caller: Caller, nanoUsd: number): void {
  const need = { nanoUsd: Math.max(1, nanoUsd), requests: 0, tokens: 0 };
  const refusal = reserveAll(caller.budgets, context.runtime.counters, context.arrival.wall, need, context.held);
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
