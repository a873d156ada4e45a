import { GatewayError, type ErrorCode } from "../../canonical/errors.ts";
import { backoffMs } from "../../domain/attempt/backoff.ts";
import { nextAfter, type Next } from "../../domain/attempt/failure.ts";
import { orderKeys } from "../../domain/balance/keys.ts";
import type { Target } from "../../domain/route/data.ts";
import { call } from "../call.ts";
import type { RequestContext, Stage } from "../context.ts";
import { kindOf, type Kind } from "../kind.ts";
import { mockReply } from "../mock-reply.ts";
import type { Prepared } from "../prepared.ts";
import type { ReadyKey } from "../provider-key.ts";
import type { ReadyProvider } from "../provider.ts";
import { rest } from "../rest.ts";
import { lossError } from "../strict.ts";
import { endWatch } from "../target-watch.ts";
import { mustWait } from "../target-turn.ts";
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
    let primary: GatewayError | null = null;
    const warnings = context.warnings.length;
    const queue = [...context.targets];
    for (let target = queue.shift(), seen = 1; target !== undefined; target = queue.shift(), seen += 1) {
      // Behind the others, never away: each target waits at most once, and what is left at the end is tried.
      if (seen <= context.targets.length && queue.length > 0 && mustWait(context, target)) {
        queue.push(target);
        continue;
      }
      context.warnings.length = warnings;
      const failure = await tryTarget(context, target, queue.length === 0);
      if (failure === null) return;
      primary ??= failure;
      if (nextOf(context, failure) === "stop" || context.attempts.length >= MAX_ATTEMPTS) break;
    }
    throw withAttempts(primary ?? new GatewayError("no_target", "no provider key may serve this model"), context);
  },
  observe: observeUsage,
  settle(context: RequestContext): void {
    settleUsage(context);
    endWatch(context, context.error);
  },
};

/** Tries one target with its keys and retries. Null: it answered. */
async function tryTarget(context: RequestContext, target: Target, isLast: boolean): Promise<GatewayError | null> {
  const provider = context.snapshot.providers.get(target.provider);
  if (provider === undefined) return null;
  const keys = keysFor(context, provider, target);
  if (keys.length === 0) return noKey(context, target);
  const kind = kindOf(context.arrival.operation);
  const prepared = prepareFor(context, kind, target, provider);
  if (prepared === null || prepared instanceof GatewayError) return prepared;
  let failure: GatewayError | null = null;
  let keyAt = 0;
  let retries = 0;
  for (let key = keys[0]; key !== undefined; key = keys[keyAt]) {
    failure = await call(context, { target, provider, key, prepared, kind, authorization: {} });
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
    await rest(
      context,
      backoffMs(provider.data.network, retries, failure.fields.retryAfterMs ?? null, context.runtime.draw),
    );
    retries += 1;
  }
  return failure;
}

/** The request for one target; null: the gateway answered itself; an error: this target cannot take it, another may. */
function prepareFor(
  context: RequestContext,
  kind: Kind,
  target: Target,
  provider: ReadyProvider,
): Prepared | GatewayError | null {
  const known = context.warnings.length;
  try {
    const prepared = kind.prepare(context, target, provider);
    const loss = context.intent?.isStrict === true ? lossError(context.warnings, known) : null;
    return loss == null ? prepared : unfit(context, target, loss);
  } catch (error) {
    if (error instanceof GatewayError && FOR_OTHERS.has(error.code)) return unfit(context, target, error);
    throw error;
  }
}

/** What keeps one target from serving says nothing of the next. */
const FOR_OTHERS: ReadonlySet<ErrorCode> = new Set(["invalid_request", "no_target", "unsupported_operation"]);

function keysFor(context: RequestContext, provider: ReadyProvider, target: Target): readonly ReadyKey[] {
  const named = target.key === undefined ? provider.keys : provider.keys.filter((key) => key.data.name === target.key);
  const { health, draw } = context.runtime;
  return orderKeys(named, target.model, health, context.runtime.clock.wall(), draw);
}

function noKey(context: RequestContext, target: Target): GatewayError {
  const { provider, model } = target;
  context.trace.push({ step: "left_out", result: "no_key", target });
  return new GatewayError("no_target", `provider ${provider} has no key that may serve ${model}`);
}

/** The error, noted as what keeps this target from serving. */
function unfit(context: RequestContext, target: Target, error: GatewayError): GatewayError {
  const { code, message } = error;
  const result = code === "unsupported_operation" ? code : "cannot_take_request";
  context.trace.push({ step: "left_out", result, target, text: message });
  return error;
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

/** The primary's error, with all attempts listed when there were several. */
function withAttempts(primary: GatewayError, context: RequestContext): GatewayError {
  if (context.attempts.length < 2) return primary;
  return new GatewayError(primary.code, primary.message, { ...primary.fields, attempts: context.attempts });
}
