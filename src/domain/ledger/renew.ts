import type { Charge } from "../../canonical/record.ts";
import type { Counters } from "./counters.ts";
import { amountFor, type Need, type Refusal, type Reservation } from "./reserve.ts";

/**
 * For what lasts: settles what is held of money and tokens by what was used since, and holds `next` in the periods of now.
 * Requests stay held. Adds to `charges`. Returns the refusal of the first limit that had no room; all others are held then.
 */
export function renewAll(
  held: Reservation[],
  counters: Counters,
  now: number,
  used: Need,
  next: Need,
  charges: Charge[],
): Refusal | undefined {
  let refusal: Refusal | undefined;
  for (const reservation of held.splice(0)) {
    const { limit, period, amount } = reservation;
    if (limit.data.metric === "requests") {
      held.push(reservation);
      continue;
    }
    const real = amountFor(limit, used);
    counters.amend(limit.data.slot, period, real - amount);
    addCharge(charges, { counter: limit.data.counter, period, amount: real });
    const wanted = amountFor(limit, next);
    const renewed = limit.reserve(counters, now, wanted);
    if (renewed !== undefined) held.push(renewed);
    else refusal ??= limit.refusal(counters, now, wanted);
  }
  return refusal;
}

/** Adds a charge to those of the same counter and period, so that each has one. */
export function addCharge(charges: Charge[], { counter, period, amount }: Charge): void {
  const known = charges.find((charge) => charge.counter === counter && charge.period === period);
  if (known === undefined) charges.push({ counter, period, amount });
  else known.amount += amount;
}
