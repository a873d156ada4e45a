import { GatewayError } from "../canonical/errors.ts";
import { CLAIM } from "../domain/balance/refused-key.ts";
import type { Refusal } from "../domain/ledger/reserve.ts";
import { NONE } from "../domain/load/gate.ts";
import type { Target } from "../domain/route/data.ts";
import { holdFor, isUnpriced, reserveAttempt, settleAttempt } from "./attempt-limits.ts";
import type { RequestContext } from "./context.ts";
import type { Lane } from "./lane.ts";
import type { GateData, ProviderBounds } from "./provider-bounds.ts";
import type { ReadyKey } from "./provider-key.ts";
import type { ReadyProvider } from "./provider.ts";
import { waitForRoom } from "./wait-for-room.ts";

/** A call that wants to be made. */
export interface Entry {
  lane: Lane;
  target: Target;
  provider: ReadyProvider;
  /** Keys that may serve it, in the order to try them; at least one. */
  keys: readonly ReadyKey[];
  /** No other target is to be tried before waiting for this one. */
  mayWait: boolean;
}

/**
 * The key that a call is made with: the first that has room and whose limits have room, which the call holds from now on
 * (`settleAttempt` gives it back). An error: none has, and why; `NOT_NOW`: none has now, and others should be tried first.
 */
export function enter(
  context: RequestContext,
  entry: Entry,
): ReadyKey | GatewayError | Promise<ReadyKey | GatewayError> {
  const { bounds } = entry.provider;
  return bounds === null ? claimFirst(context, entry) : new BoundedEntry(context, entry, bounds).enter();
}

/** This target has no room now: it is tried again after the others. */
export const NOT_NOW = new GatewayError("overloaded", "no room");

function notNow({ trace }: RequestContext, target: Target): GatewayError {
  trace.push({ step: "target", result: "no_room", target });
  return NOT_NOW;
}

/** The first key that is well or may be tried; when none is, the first all the same. */
function claimFirst(context: RequestContext, { lane, target, keys, mayWait }: Entry): ReadyKey | GatewayError {
  for (const key of keys) if (claim(context, lane, key)) return key;
  return (mayWait ? keys[0] : undefined) ?? notNow(context, target);
}

/** Whether a call with the key is one of many, or the one that finds out whether it is good again. */
function claim(context: RequestContext, lane: Lane, { data }: ReadyKey): boolean {
  const { health, clock } = context.runtime;
  const isWell = !health.wasRefused(data.slot);
  lane.keyClaim = isWell ? CLAIM.well : health.claim(data.slot, clock.wall());
  return lane.keyClaim !== CLAIM.rests;
}

/** The choice of a key of a provider that has bounds. */
class BoundedEntry {
  private readonly context: RequestContext;
  private readonly entry: Entry;
  private readonly bounds: ProviderBounds;
  private readonly open: ReadyKey[];
  /** Keys that are being tried by another call: the last ones to take. */
  private readonly resting: ReadyKey[] = [];
  private refusal: Refusal | null = null;
  private isProviderUsedUp = false;
  /** Place of a key that was set aside, with which there still is room. */
  private room: number | null = null;

  constructor(context: RequestContext, entry: Entry, bounds: ProviderBounds) {
    this.context = context;
    this.entry = entry;
    this.bounds = bounds;
    this.open = [...entry.keys];
  }

  async enter(): Promise<ReadyKey | GatewayError> {
    const key = await this.choose();
    if (key instanceof GatewayError) this.giveBack();
    return key;
  }

  private async choose(): Promise<ReadyKey | GatewayError> {
    for (;;) {
      const isLast = this.open.length === 0;
      if (isLast && this.resting.length === 0) return this.limitError();
      if (isLast && !this.entry.mayWait) return this.notNow();
      const taken = await this.take(isLast ? this.resting : this.open);
      if (taken instanceof GatewayError) return taken;
      if (this.fits(taken) && (claim(this.context, this.entry.lane, taken) || isLast)) return taken;
      this.setAside(taken);
      if (this.isProviderUsedUp) return this.limitError();
    }
  }

  private notNow(): GatewayError {
    return notNow(this.context, this.entry.target);
  }

  /** Room with one of these keys. */
  private async take(keys: readonly ReadyKey[]): Promise<ReadyKey | GatewayError> {
    const { gate } = this.bounds;
    if (gate === null) return keys[0] ?? this.notNow();
    const { gates } = this.context.runtime;
    const places = keys.map(({ data }) => this.bounds.ofKey(data.name).place);
    const { room } = this;
    const found = room === null ? gates.take(gate.slot, places) : gates.move(gate.slot, room, places);
    if (found !== NONE) return this.hold(gate, keys[found], places[found] ?? 0);
    this.giveBack();
    if (!this.entry.mayWait) return this.notNow();
    return this.wait(gate, keys);
  }

  /** Waits for room, but not with keys whose limits have none now. */
  private async wait(gate: GateData, keys: readonly ReadyKey[]): Promise<ReadyKey | GatewayError> {
    const able = keys.filter((key) => {
      const isAble = this.fits(key);
      settleAttempt(this.context, this.entry.lane, null);
      return isAble;
    });
    if (able.length === 0) return this.limitError();
    const places = able.map(({ data }) => this.bounds.ofKey(data.name).place);
    const place = await waitForRoom(this.context, this.entry.lane, this.entry.target, gate, places);
    if (place instanceof GatewayError) return place;
    return this.hold(gate, able[places.indexOf(place)], place);
  }

  private hold({ slot }: GateData, key: ReadyKey | undefined, place: number): ReadyKey | GatewayError {
    this.room = place;
    if (key === undefined) return this.notNow();
    this.room = null;
    const leave = (): void => this.context.runtime.gates.release(slot, place);
    holdFor(this.context, this.entry.lane, this.targetWith(key)).leave = leave;
    return key;
  }

  /** Room that is of no use. */
  private giveBack(): void {
    const { room, bounds, context } = this;
    this.room = null;
    if (room !== null && bounds.gate !== null) context.runtime.gates.release(bounds.gate.slot, room);
  }

  /** Reserves what the call may use at most; false when a limit of the provider or of the key has no room for it. */
  private fits(key: ReadyKey): boolean {
    const { context, bounds } = this;
    const { lane } = this.entry;
    lane.keyClaim = CLAIM.well;
    const target = this.targetWith(key);
    const ofKey = bounds.ofKey(key.data.name).limits;
    if (isUnpriced(context, target, bounds.limits) || isUnpriced(context, target, ofKey)) {
      context.trace.push({ step: "key", result: `${nameOf(target)}: its budget needs the price of ${target.model}` });
      return false;
    }
    const ofProvider = reserveAttempt(context, lane, target, bounds.limits);
    this.isProviderUsedUp = ofProvider !== undefined;
    const refusal = ofProvider ?? reserveAttempt(context, lane, target, ofKey);
    if (refusal === undefined) return true;
    this.note(key, refusal);
    return false;
  }

  /** The key is not to be used; the room that there is with it serves for the next, so that nobody who waits comes before it. */
  private setAside(key: ReadyKey): void {
    const { lane } = this.entry;
    if (lane.hold !== null && lane.hold.leave !== null) {
      lane.hold.leave = null;
      this.room = this.bounds.ofKey(key.data.name).place;
    }
    settleAttempt(this.context, lane, null);
    const isRefused = lane.keyClaim === CLAIM.rests;
    for (const list of [this.open, this.resting]) if (list.includes(key)) list.splice(list.indexOf(key), 1);
    if (isRefused) this.resting.push(key);
  }

  private note(key: ReadyKey, refusal: Refusal): void {
    const { scope, metric, reset_at } = refusal.details;
    const name = scope.startsWith("provider:") ? this.entry.target.provider : nameOf(this.targetWith(key));
    const until = reset_at === null ? "" : ` until ${reset_at}`;
    this.context.trace.push({ step: "key", result: `${name}: its limit of ${metric} is used up${until}` });
    if (this.refusal === null || soonerOf(refusal, this.refusal)) this.refusal = refusal;
  }

  private limitError(): GatewayError {
    return providerLimited(this.entry.target.provider, this.refusal?.retryAfterMs ?? null);
  }

  private targetWith({ data }: ReadyKey): Target {
    return { ...this.entry.target, key: data.name };
  }
}

/** What a caller is told of limits that are not its own: no amounts. */
export function providerLimited(provider: string, retryAfterMs: number | null): GatewayError {
  const text = `provider ${provider}: the limits that are set for it or its keys are used up`;
  return new GatewayError("provider_limited", text, retryAfterMs === null ? {} : { retryAfterMs });
}

function nameOf({ provider, key = "" }: Target): string {
  return `${provider}#${key}`;
}

function soonerOf(one: Refusal, other: Refusal): boolean {
  return (one.retryAfterMs ?? Infinity) < (other.retryAfterMs ?? Infinity);
}
