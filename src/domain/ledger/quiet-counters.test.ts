import { expect, test } from "bun:test";
import { Counters, createSegment } from "./counters.ts";
import { QuietCounters } from "./quiet-counters.ts";

test("what is added counts here alone, on top of the live count", () => {
  const segments = [createSegment()];
  const live = new Counters(segments);
  const quiet = new QuietCounters(segments);
  live.add(3, 7, 10);
  expect(quiet.add(3, 7, 5)).toBe(15);
  live.add(3, 7, 1);
  expect(quiet.read(3, 7)).toBe(16);
  expect(live.read(3, 7)).toBe(11);
  expect(quiet.add(3, 7, -5)).toBe(11);
  expect(quiet.read(3, 8)).toBe(0);
});
