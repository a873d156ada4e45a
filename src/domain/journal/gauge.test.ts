import { expect, test } from "bun:test";
import { createJournalGauge } from "./gauge.ts";

test("counts what writers add until the reader has measured it", () => {
  const gauge = createJournalGauge();
  const writer = createJournalGauge(gauge.buffer);
  expect(gauge.isFull(1)).toBe(false);
  writer.add(1024);
  expect(gauge.backlogBytes()).toBe(1024);
  gauge.measure(() => {
    // Appended during the scan: whether the scan saw it or not, it must not vanish.
    writer.add(512);
    return 2048;
  });
  expect(writer.backlogBytes()).toBe(2048 + 512);
  gauge.measure(() => 2048 + 512);
  expect(writer.backlogBytes()).toBe(2048 + 512);
  gauge.measure(() => 0);
  expect(writer.backlogBytes()).toBe(0);
});

test("is full at its bound, also far past 32 bits of bytes", () => {
  const gauge = createJournalGauge();
  const limit = 100 * 1024 ** 3;
  gauge.measure(() => limit - 256);
  expect(gauge.isFull(limit)).toBe(false);
  gauge.add(200);
  expect(gauge.isFull(limit)).toBe(true);
});
