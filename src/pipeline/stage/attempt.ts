import { GatewayError, type ErrorCode } from "../../canonical/errors.ts";
import { nextAfter, type Next } from "../../domain/attempt/failure.ts";
import { orderKeys } from "../../domain/balance/keys.ts";
import type { Target } from "../../domain/route/data.ts";
import { call } from "../call.ts";
import type { RequestContext, Stage } from "../context.ts";
import { checkTime } from "../deadline.ts";
import { hedgePlan } from "../hedge/plan.ts";
import { race } from "../hedge/race.ts";
import { kindOf, type Kind } from "../kind.ts";
import type { Lane } from "../lane.ts";
import { mockReply } from "../mock-reply.ts";
import type { Prepared } from "../prepared.ts";
import type { ReadyKey } from "../provider-key.ts";
import type { ReadyProvider } from "../provider.ts";
import { rest } from "../rest.ts";
import { retryPause } from "../retry-pause.ts";
import { lossError } from "../strict.ts";
import { TargetQueue } from "../target-queue.ts";
import { endWatch } from "../target-watch.ts";
import { observeUsage, settleUsage } from "../usage.ts";

/** More upstream calls than this are never made for one request. */
const MAX_ATTEMPTS = 24;
/** A key whose credential or account was refused rests this long before it is tried first again. */
const REFUSED_KEY_REST_MS = 60_000;
/** A key that was told to slow down without being told for how long. */
const LIMITED_KEY_REST_MS = 5_000;

/** Calls the targets in order until one answers. */
export const attempt: Stage = {
  name: "attempt",
  async admit(context: RequestContext): Promise<void> {
    const mock = context.intent?.mockResponse ?? null;
    if (mock !== null && context.chatRequest !== null) {
      context.reply = mockReply(context, mock);
      return;
    }
    const queue = new TargetQueue(context);
    try {
      if (await tryAll(context, queue)) return;
    } catch (error) {
      throw error instanceof GatewayError && error.code === "deadline_exceeded" ? withAttempts(error, context) : error;
    }
    const failure = queue.primaryFailure ?? new GatewayError("no_target", "no provider key may serve this model");
    throw context.attempts.length < 2 ? failure : withAttempts(failure, context);
  },
  observe: observeUsage,
  settle(context: RequestContext): void {
    settleUsage(context);
    endWatch(context, context, context.error);
  },
};

/** True: a target has answered. */
function tryAll(context: RequestContext, queue: TargetQueue): Promise<boolean> | boolean {
  const first = queue.take();
  if (first === undefined) return false;
  const plan = hedgePlan(context, first);
  return plan === null ? tryTargets(context, context, queue, first) : race(context, plan, queue, first, tryTargets);
}

/** Tries one target after the other. */
async function tryTargets(context: RequestContext, lane: Lane, queue: TargetQueue, first: Target): Promise<boolean> {
  const warnings = lane.warnings.length;
  for (let target: Target | undefined = first; target !== undefined; target = queue.take()) {
    lane.warnings.length = warnings;
    const failure = await tryTarget(context, lane, target, queue.isEmpty);
    if (failure === null) return true;
    queue.fail(target, failure);
    if (nextOf(context, failure) === "stop" || context.attempts.length >= MAX_ATTEMPTS) return false;
  }
  return false;
}

/** Tries one target with its keys and retries. Null: it answered. */
async function tryTarget(
  context: RequestContext,
  lane: Lane,
  target: Target,
  isLast: boolean,
): Promise<GatewayError | null> {
  const provider = context.snapshot.providers.get(target.provider);
  if (provider === undefined) return null;
  const keys = keysFor(context, lane, provider, target);
  if (keys.length === 0) return noKey(context, target);
  const kind = kindOf(context.arrival.operation);
  const prepared = prepareFor(context, lane, kind, target, provider);
  if (prepared === null || prepared instanceof GatewayError) return prepared;
  const at = { target, provider, prepared, kind, lane, isLast };
  noteRequest(context, target);
  let failure: GatewayError | null = null;
  let keyAt = 0;
  let retries = 0;
  for (let key = keys[0]; key !== undefined; key = keys[keyAt]) {
    checkTime(context);
    failure = await call(context, { ...at, key, authorization: {}, isHurried: false, earlyUsage: null });
    if (failure === null) return null;
    restKey(context, key, failure);
    const next = nextOf(context, failure);
    if (next === "stop" || (next === "next_target" && !isLast) || context.attempts.length >= MAX_ATTEMPTS)
      return failure;
    if (next === "other_key" && keyAt + 1 < keys.length) {
      keyAt += 1;
      continue;
    }
    if (!mayRetry(context, provider, failure, retries, next, isLast)) return failure;
    const pause = retryPause(context, at, failure, retries);
    if (pause === null) return failure;
    await rest(context, lane, pause);
    retries += 1;
  }
  return failure;
}

function noteRequest({ snapshot, runtime }: RequestContext, target: Target): void {
  runtime.retries.noteRequest(snapshot.slotOf(target).slot, snapshot.data.retryBudget, runtime.clock.wall());
}

/** The request for one target; null: the gateway answered itself; an error: this target cannot take it, another may. */
function prepareFor(
  context: RequestContext,
  lane: Lane,
  kind: Kind,
  target: Target,
  provider: ReadyProvider,
): Prepared | GatewayError | null {
  context.warnings = lane.warnings;
  const known = context.warnings.length;
  try {
    const prepared = kind.prepare(context, target, provider);
    return context.intent?.isStrict === true ? (lossError(context.warnings, known) ?? prepared) : prepared;
  } catch (error) {
    if (error instanceof GatewayError && FOR_OTHERS.has(error.code)) return error;
    throw error;
  }
}

/** What keeps one target from serving says nothing of the next. */
const FOR_OTHERS: ReadonlySet<ErrorCode> = new Set(["invalid_request", "no_target", "unsupported_operation"]);

function keysFor(context: RequestContext, lane: Lane, provider: ReadyProvider, target: Target): readonly ReadyKey[] {
  const { avoidedKey } = lane;
  const named = target.key === undefined ? provider.keys : provider.keys.filter((key) => key.data.name === target.key);
  const usable = avoidedKey === null ? named : named.filter((key) => key.data.slot !== avoidedKey);
  const { health, draw } = context.runtime;
  return orderKeys(usable, target.model, health, context.runtime.clock.wall(), draw);
}

function noKey(context: RequestContext, target: Target): GatewayError {
  const { provider, model } = target;
  context.trace.push({ step: "left_out", result: `${provider}/${model}: no key for this model` });
  return new GatewayError("no_target", `provider ${provider} has no key that may serve ${model}`);
}

function nextOf(context: RequestContext, failure: GatewayError): Next {
  if (FOR_OTHERS.has(failure.code)) return "next_target";
  return nextAfter(failure.code, context.snapshot.data.fallbackOnClientError);
}

/** Same key again: for failures that pass. A refused key does not; a limit is only waited for when nobody else can serve. */
function mayRetry(
  context: RequestContext,
  provider: ReadyProvider,
  failure: GatewayError,
  retries: number,
  next: Next,
  isLast: boolean,
): boolean {
  const { backoffMaxMs } = provider.data.network;
  const maxRetries = context.intent?.maxRetries ?? provider.data.network.maxRetries;
  if (retries >= maxRetries || failure.code === "upstream_auth") return false;
  if (next === "same_key") return true;
  return isLast && (failure.fields.retryAfterMs ?? 0) <= backoffMaxMs;
}

function restKey(context: RequestContext, key: ReadyKey, failure: GatewayError): void {
  const now = context.runtime.clock.wall();
  if (failure.code === "upstream_auth") context.runtime.health.rest(key.data.slot, now + REFUSED_KEY_REST_MS);
  if (failure.code !== "upstream_rate_limited") return;
  context.runtime.health.rest(key.data.slot, now + (failure.fields.retryAfterMs ?? LIMITED_KEY_REST_MS));
}

/** An error with the attempts that led to it. */
function withAttempts(error: GatewayError, { attempts }: RequestContext): GatewayError {
  if (attempts.length === 0) return error;
  return new GatewayError(error.code, error.message, { ...error.fields, attempts });
}
