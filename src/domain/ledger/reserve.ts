import type { LimitDetails } from "../../canonical/errors.ts";
import type { Charge } from "../../canonical/record.ts";
import type { Counters } from "./counters.ts";
import type { LimitData } from "./plan.ts";
import { PeriodClock } from "./period.ts";

/** What a request may use at most, until its real use is known. */
export interface Need {
  nanoUsd: number;
  requests: number;
  tokens: number;
}

export interface Reservation {
  limit: Limit;
  period: number;
  amount: number;
}

/** A limit that refused, and when it will admit the same need again (milliseconds; null: never by itself). */
export interface Refusal {
  details: LimitDetails;
  retryAfterMs: number | null;
}

/** A compiled limit. */
export class Limit {
  readonly data: LimitData;
  private readonly clock: PeriodClock;

  constructor(data: LimitData) {
    this.data = data;
    this.clock = new PeriodClock(data.period);
  }

  /** What is left for money in the current period, nano-dollars. */
  left(counters: Counters, now: number): number {
    return this.data.limit - counters.read(this.data.slot, this.clock.at(now).number);
  }

  /** Whether `amount` fits now; asking reserves nothing. */
  hasRoom(counters: Counters, now: number, amount: number): boolean {
    return this.used(counters, now) + amount <= this.data.limit;
  }

  /** Use in percent of the limit, reservations included. */
  usedPercent(counters: Counters, now: number): number {
    return (this.used(counters, now) / this.data.limit) * 100;
  }

  /** Adds `amount` when it fits; undefined otherwise, with the counter as it was. */
  reserve(counters: Counters, now: number, amount: number): Reservation | undefined {
    const period = this.clock.at(now).number;
    const total = counters.add(this.data.slot, period, amount) + this.carried(counters, now);
    if (total <= this.data.limit) return { limit: this, period, amount };
    counters.amend(this.data.slot, period, -amount);
    return undefined;
  }

  refusal(counters: Counters, now: number, amount: number): Refusal {
    const { scope, metric, limit } = this.data;
    const resetAt = this.resetAt(counters, now, amount);
    const scale = metric === "usd" ? 1e9 : 1;
    const details: LimitDetails = {
      scope,
      metric,
      limit: limit / scale,
      used: Math.floor(this.used(counters, now)) / scale,
      reset_at: Number.isFinite(resetAt) ? new Date(resetAt).toISOString() : null,
    };
    return { details, retryAfterMs: Number.isFinite(resetAt) ? Math.max(1, Math.ceil(resetAt - now)) : null };
  }

  private used(counters: Counters, now: number): number {
    return counters.read(this.data.slot, this.clock.at(now).number) + this.carried(counters, now);
  }

  /**
   * Rate limits slide: the last window still counts by the share of it that is less than one window ago. A fixed window would
   * let twice the limit through around its border. Budgets do not slide.
   */
  private carried(counters: Counters, now: number): number {
    if (this.data.metric === "usd") return 0;
    const { number, start, end } = this.clock.at(now);
    return counters.read(this.data.slot, number - 1) * ((end - now) / (end - start));
  }

  /** The earliest time at which `amount` fits when nothing else is added. */
  private resetAt(counters: Counters, now: number, amount: number): number {
    const { number, start, end } = this.clock.at(now);
    if (this.data.metric === "usd") return end;
    const room = this.data.limit - amount;
    const current = counters.read(this.data.slot, number);
    const previous = counters.read(this.data.slot, number - 1);
    const length = end - start;
    if (current <= room && previous > 0) return end - ((room - current) / previous) * length;
    return current > 0 ? end + length - (Math.max(0, room) / current) * length : end;
  }
}

/** What `limit` counts of a need. */
export function amountFor(limit: Limit, need: Need): number {
  const { metric } = limit.data;
  if (metric === "usd") return need.nanoUsd;
  return metric === "requests" ? need.requests : need.tokens;
}

/** Reserves `need` at every limit, or at none: then the refusal of the first limit that it did not fit is returned. */
export function reserveAll(
  limits: readonly Limit[],
  counters: Counters,
  now: number,
  need: Need,
  held: Reservation[],
): Refusal | undefined {
  const before = held.length;
  for (const limit of limits) {
    const amount = amountFor(limit, need);
    const reservation = limit.reserve(counters, now, amount);
    if (reservation === undefined) {
      releaseFrom(held, before, counters);
      return limit.refusal(counters, now, amount);
    }
    held.push(reservation);
  }
  return undefined;
}

/** Gives back what was reserved from place `from` on. */
export function releaseFrom(held: Reservation[], from: number, counters: Counters): void {
  for (const { limit, period, amount } of held.splice(from)) counters.amend(limit.data.slot, period, -amount);
}

/** Replaces each reservation by the real use. Returns what each counter was charged, for the record. */
export function settleAll(held: Reservation[], counters: Counters, used: Need): Charge[] {
  const charges: Charge[] = [];
  for (const { limit, period, amount } of held) {
    const real = amountFor(limit, used);
    counters.amend(limit.data.slot, period, real - amount);
    charges.push({ counter: limit.data.counter, period, amount: real });
  }
  held.length = 0;
  return charges;
}
