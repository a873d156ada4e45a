import { describe, expect, test } from "bun:test";
import type { Draws, Tally } from "./fixtures/draw-worker.ts";
import { seeded } from "./fixtures/seeded.ts";
import { drawnFirst } from "./weighted.ts";

const WEIGHTS = [1, 2, 3, 5, 9, 0];
const THREADS = 4;
const DRAWS = 100_000;
/** Of four degrees of freedom: fair draws come here once in 2.7 thousand million times (e^-25 · 26). */
const MOST_CHI_SQUARE = 50;

async function drawInThread(seed: number | null): Promise<Tally> {
  const worker = new Worker(new URL("./fixtures/draw-worker.ts", import.meta.url).href);
  const answer = new Promise<Tally>((resolve) => {
    worker.addEventListener("message", ({ data }: MessageEvent<Tally>) => resolve(data));
  });
  worker.postMessage({ weights: WEIGHTS, count: DRAWS / THREADS, seed } satisfies Draws);
  const tally = await answer;
  worker.terminate();
  return tally;
}

function chiSquare(counts: readonly number[]): number {
  const total = WEIGHTS.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  for (const [at, weight] of WEIGHTS.entries()) {
    if (weight === 0) continue;
    const expected = (DRAWS * weight) / total;
    sum += ((counts[at] ?? 0) - expected) ** 2 / expected;
  }
  return sum;
}

describe.each([
  ["with fixed seeds", [1, 2, 3, 4]],
  ["with chance itself", [null, null, null, null]],
])("100,000 draws over four threads %s", (_, seeds) => {
  test("fall by weight, and never to a weight of 0", async () => {
    const tallies = await Promise.all(seeds.map(drawInThread));
    for (const way of ["weightedOrder", "drawnFirst", "adaptive"] as const) {
      const counts = WEIGHTS.map((__, at) => tallies.reduce((sum, tally) => sum + (tally[way][at] ?? 0), 0));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(DRAWS);
      expect(counts.at(-1)).toBe(0);
      expect(chiSquare(counts)).toBeLessThan(MOST_CHI_SQUARE);
    }
  });
});

test("behind the one that was drawn the others follow by descending weight", () => {
  const draw = seeded(5);
  const candidates = WEIGHTS.map((weight) => ({ weight }));
  for (let round = 0; round < 200; round += 1) {
    const [first, ...rest] = drawnFirst(candidates, draw).map(({ weight }) => weight);
    expect(first).not.toBe(0);
    expect(rest).toEqual(WEIGHTS.filter((weight) => weight !== first).toSorted((one, other) => other - one));
  }
});

test("without any weight the given order stays", () => {
  const candidates = ["a", "b", "c"].map((id) => ({ id, weight: 0 }));
  expect(drawnFirst(candidates, seeded(1)).map(({ id }) => id)).toEqual(["a", "b", "c"]);
});
