import { expect, test } from "bun:test";
import { Counters } from "../domain/ledger/counters.ts";
import { periodAt, type PeriodSpec } from "../domain/ledger/period.ts";
import { LedgerSlots, type Balance } from "./ledger-slots.ts";

const DAILY: PeriodSpec = { count: 1, unit: "d" };
const today = periodAt(DAILY, Date.now()).number;

/** What a new process reads of a counter of days. */
function readBack(balances: readonly Balance[]): (period: number) => number {
  const slots = new LedgerSlots(
    (segments) => new Counters(segments),
    () => balances,
  );
  const slot = slots.slotOf("c", DAILY);
  return (period) => new Counters(slots.segments).read(slot, period);
}

const balance = (period: number): Balance => ({ counter: "c", period, amount: 1000 + period });

test("balances are read back, whatever the order of the store", () => {
  const read = readBack([balance(today), balance(today - 2), balance(today - 4), balance(today - 1)]);
  expect([0, 1, 2, 4].map((ago) => read(today - ago))).toEqual([1000 + today, 999 + today, 998 + today, 0]);
});

test("what a clock that was ahead has charged does not take the place of today's balance", () => {
  const read = readBack([balance(today), balance(today + 4), balance(today + 9), balance(today - 3)]);
  expect([read(today), read(today - 3)]).toEqual([1000 + today, 997 + today]);
});

test("a counter keeps its place, and its live count, over reloads; what is stored meanwhile is not added", () => {
  const balances = [balance(today)];
  const slots = new LedgerSlots(
    (segments) => new Counters(segments),
    () => balances,
  );
  slots.begin();
  const slot = slots.slotOf("c", DAILY);
  new Counters(slots.segments).add(slot, today, 7);
  slots.begin();
  slots.slotOf("d", DAILY);
  expect(slots.slotOf("c", DAILY)).toBe(slot);
  expect(new Counters(slots.segments).read(slot, today)).toBe(1007 + today);
});
