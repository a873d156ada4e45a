import { expect, test } from "bun:test";
import { Latencies } from "./latencies.ts";

function latenciesOf(times: readonly number[], isStream = false): Latencies {
  const latencies = new Latencies(Latencies.createMemory(2));
  for (const time of times) latencies.add(1, isStream, time);
  return latencies;
}

const hundred = Array.from({ length: 100 }, (_, at) => (at + 1) * 10);

test.each([
  [0.5, 500],
  [0.9, 900],
  [0.95, 950],
])("percentile %p of even times is about right", (share, exact) => {
  const found = latenciesOf(hundred).percentile(1, false, share) ?? 0;
  expect(found).toBeGreaterThan(exact * 0.88);
  expect(found).toBeLessThan(exact * 1.13);
});

test("few samples tell nothing", () => {
  expect(latenciesOf(hundred.slice(0, 19)).percentile(1, false, 0.95)).toBeNull();
  expect(latenciesOf(hundred.slice(0, 20)).percentile(1, false, 0.95)).not.toBeNull();
});

test("streams and whole answers, and targets, are kept apart", () => {
  const latencies = latenciesOf(hundred, true);
  expect(latencies.percentile(1, false, 0.5)).toBeNull();
  expect(latencies.percentile(0, true, 0.5)).toBeNull();
  expect(latencies.percentile(1, true, 0.5)).not.toBeNull();
});

test("old times fade as new ones come", () => {
  const latencies = latenciesOf(Array.from({ length: 2000 }, () => 5000));
  for (let at = 0; at < 6000; at += 1) latencies.add(1, false, 50);
  expect(latencies.percentile(1, false, 0.95)).toBeLessThan(64);
});

test("times beyond the scale count at its ends", () => {
  expect(latenciesOf(Array.from({ length: 30 }, () => 1e7)).percentile(1, false, 0.5)).toBeGreaterThan(80_000);
  expect(latenciesOf(Array.from({ length: 30 }, () => 0)).percentile(1, false, 0.5)).toBe(1);
});
