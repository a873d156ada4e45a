import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import type { JournalReader } from "../domain/journal/reader.ts";
import { linesOf } from "../domain/journal/fixtures/lines.ts";
import { sampleRecord } from "../domain/journal/fixtures/record.ts";
import { openSqliteStore } from "../stores/sqlite/open.ts";
import { JournalLoop } from "./journal-loop.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const IDLE = { poll: () => 0, drain: () => 0, stats: () => ({ storeFailing: false }) } as unknown as JournalReader;

test.each([[0], [36_500]])("balances of old periods go with a retention of %d days, records stay", (days) => {
  const store = openSqliteStore("sqlite::memory:");
  const charged = (period: number) =>
    sampleRecord({ id: `r${period}`, time: period, charges: [{ counter: "c", period, amount: 1 }] });
  store.append(linesOf(Array.from({ length: 100 }, (_, period) => charged(Date.now() + period))));
  const loop = new JournalLoop("", IDLE, store, () => {});
  loop.start(() => days);
  jest.advanceTimersByTime(2000);
  loop.stop();
  expect(store.balances()).toHaveLength(4);
  expect(store.list({}, 500, null).records).toHaveLength(100);
  store.close();
});
