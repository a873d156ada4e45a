import { GatewayError, type ErrorCode } from "../canonical/errors.ts";
import { nextAfter, type Next } from "../domain/attempt/failure.ts";
import { orderKeys } from "../domain/balance/keys.ts";
import type { Target } from "../domain/route/data.ts";
import { call, type Call } from "./call.ts";
import type { RequestContext } from "./context.ts";
import { checkTime } from "./deadline.ts";
import { enter } from "./enter.ts";
import { USED_UP } from "./target-queue.ts";
import { kindOf, type Kind } from "./kind.ts";
import type { Lane } from "./lane.ts";
import { noteKey, releaseKey } from "./note-key.ts";
import type { Prepared } from "./prepared.ts";
import type { ReadyKey } from "./provider-key.ts";
import type { ReadyProvider } from "./provider.ts";
import { rest } from "./rest.ts";
import { retryPause } from "./retry-pause.ts";
import { stickKey } from "./sticky/stick-key.ts";
import { lossError } from "./strict.ts";
import { isWrittenInSteps, writeInSteps } from "./write-in-steps.ts";

/** More upstream calls than this are never made for one request. */
const MAX_ATTEMPTS = 24;

/** A target in its turn. */
export interface Turn {
  target: Target;
  /** None is left behind it. */
  isLast: boolean;
  /** There is no other that could serve without a wait. */
  mayWait: boolean;
}

/** What an attempt fails with; null: it answers. A promise only where something has to be waited for. */
export type Trying = Promise<GatewayError | null> | GatewayError | null;

/** Tries one target with its keys and retries. */
export function tryTarget(context: RequestContext, lane: Lane, turn: Turn): Trying {
  const { target, isLast } = turn;
  const provider = context.snapshot.providers.get(target.provider);
  if (provider === undefined) return null;
  const keys = keysFor(context, lane, provider, target);
  if (keys.length === 0) return noKey(context, target);
  const kind = kindOf(context.arrival.operation);
  const prepared = prepareFor(context, lane, kind, target, provider);
  if (prepared === null || prepared instanceof GatewayError) return prepared;
  const place: Place = { target, provider, prepared, kind, lane, isLast };
  if (isWrittenInSteps(context)) return writeAndCall(context, turn, keys, place);
  return callAgain(context, turn, keys, place);
}

async function writeAndCall(
  context: RequestContext,
  turn: Turn,
  keys: readonly ReadyKey[],
  place: Place,
): Promise<GatewayError | null> {
  await writeInSteps(place.prepared);
  return callAgain(context, turn, keys, place);
}

type Place = Pick<Call, "target" | "provider" | "prepared" | "kind" | "lane" | "isLast">;

/** Calls with one key after the other, and again after pauses, for as long as that may help. Null: it answered. */
async function callAgain(
  context: RequestContext,
  { mayWait, isLast }: Turn,
  able: readonly ReadyKey[],
  at: Place,
): Promise<GatewayError | null> {
  const { target, provider, lane } = at;
  let keys = able;
  let failure: GatewayError | null = null;
  noteRequest(context, target);
  for (let retries = 0; ;) {
    checkTime(context);
    const entering = enter(context, { lane, target, provider, keys, mayWait });
    const key = entering instanceof Promise ? await entering : entering;
    if (key instanceof GatewayError) return failure ?? key;
    try {
      failure = await call(context, callWith(at, key));
    } catch (error) {
      releaseKey(context, lane, key);
      throw error;
    }
    noteKey(context, lane, key, failure);
    if (failure === null) return null;
    const next = nextOf(context, failure);
    if (isOver(context, next, isLast)) return failure;
    if (next === "other_key" && keys.length > 1) {
      keys = without(keys, key);
      continue;
    }
    if (!mayRetry(context, provider, failure, retries, next, isLast)) return failure;
    const pause = retryPause(context, at, failure, retries);
    if (pause === null) return failure;
    await rest(context, lane, pause);
    retries += 1;
  }
}

function without(keys: readonly ReadyKey[], key: ReadyKey): ReadyKey[] {
  return keys.filter((other) => other !== key);
}

/** Written out: a spread costs more than all of it. */
function callWith({ target, provider, prepared, kind, lane, isLast }: Place, key: ReadyKey): Call {
  return {
    target,
    provider,
    key,
    prepared,
    kind,
    authorization: {},
    lane,
    isLast,
    isHurried: false,
    earlyUsage: null,
  };
}

/** Whether nothing more is to be tried at this target. */
function isOver(context: RequestContext, next: Next, isLast: boolean): boolean {
  return next === "stop" || (next === "next_target" && !isLast) || isEnough(context);
}

/** Whether nothing may be tried any more after a failure. */
export function isFinal(context: RequestContext, failure: GatewayError): boolean {
  return nextOf(context, failure) === "stop" || isEnough(context);
}

function isEnough({ attempts }: RequestContext): boolean {
  return attempts.length >= MAX_ATTEMPTS;
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
    const loss = context.intent?.isStrict === true ? lossError(context.warnings, known) : null;
    return loss == null ? prepared : unfit(context, target, loss);
  } catch (error) {
    if (error instanceof GatewayError && FOR_OTHERS.has(error.code)) return unfit(context, target, error);
    throw error;
  }
}

/** What keeps one target from serving says nothing of the next. */
const FOR_OTHERS: ReadonlySet<ErrorCode> = new Set([
  "invalid_request",
  "no_target",
  "unsupported_operation",
  "overloaded",
  "provider_limited",
  ...USED_UP,
]);

function keysFor(context: RequestContext, lane: Lane, provider: ReadyProvider, target: Target): readonly ReadyKey[] {
  const { avoidedKey } = lane;
  const named = target.key === undefined ? provider.keys : keysNamed(provider.keys, target.key);
  const usable = avoidedKey === null ? named : keysBeside(named, avoidedKey);
  const { health, draw } = context.runtime;
  return stickKey(context, target, orderKeys(usable, target.model, health, context.runtime.clock.wall(), draw));
}

function keysNamed(keys: readonly ReadyKey[], name: string): readonly ReadyKey[] {
  return keys.filter((key) => key.data.name === name);
}

function keysBeside(keys: readonly ReadyKey[], slot: number): readonly ReadyKey[] {
  return keys.filter((key) => key.data.slot !== slot);
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

/**
 * Same key again: for failures that pass. A refused key does not; a limit is only waited for when nobody else can serve, and
 * nothing for longer than pauses may be.
 */
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
  if ((failure.fields.retryAfterMs ?? 0) > backoffMaxMs) return false;
  return next === "same_key" || isLast;
}
