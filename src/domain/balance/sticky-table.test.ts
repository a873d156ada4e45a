import { expect, test } from "bun:test";
import { StickyTable, targetMark, type StickyEntry } from "./sticky-table.ts";

const NOW = 1_790_000_000_000;

const create = (): StickyTable => new StickyTable(StickyTable.createMemory());

function entry(fields: Partial<StickyEntry> = {}): StickyEntry {
  return { target: 5, key: 3, cachedTokens: 1000, outputTokens: 20, warmUntil: NOW + 60_000, ...fields };
}

test("a session is found where it was served last, until its cache is cold", () => {
  const table = create();
  const key = { low: -7, high: 9 };
  table.put(key, entry(), NOW);
  expect(table.find(key, NOW + 1000)).toEqual(entry());
  expect(table.find(key, NOW + 59_999)).not.toBeNull();
  expect(table.find(key, NOW + 60_000)).toBeNull();
  expect(table.find({ low: -7, high: 8 }, NOW)).toBeNull();
});

test("a later turn takes the place of an earlier one", () => {
  const table = create();
  const key = { low: 1, high: 2 };
  table.put(key, entry(), NOW);
  table.put(key, entry({ target: -6, cachedTokens: 0 }), NOW);
  expect(table.find(key, NOW)).toMatchObject({ target: -6, cachedTokens: 0 });
});

test("no cache is warm for longer than a day, and a fresh table knows nobody", () => {
  const table = create();
  expect(table.find({ low: 0, high: 0 }, NOW)).toBeNull();
  table.put({ low: 0, high: 0 }, entry({ warmUntil: NOW + 1e12 }), NOW);
  expect(table.find({ low: 0, high: 0 }, NOW)?.warmUntil).toBe(NOW + 86_400_000);
});

test("a full set gives up the session that would go cold first", () => {
  const table = create();
  for (let high = 1; high <= 8; high += 1) table.put({ low: 4, high }, entry({ warmUntil: NOW + high * 1000 }), NOW);
  table.put({ low: 4, high: 99 }, entry(), NOW);
  expect(table.find({ low: 4, high: 1 }, NOW)).toBeNull();
  for (const high of [2, 3, 4, 5, 6, 7, 8, 99]) expect(table.find({ low: 4, high }, NOW)).not.toBeNull();
});

test("a table with many more sessions than it has room for keeps as many as it can, and none that is mixed up", () => {
  const table = create();
  const sessions = 400_000;
  for (let at = 0; at < sessions; at += 1) {
    table.put({ low: Math.imul(at, 0x9e3779b1) | 0, high: at }, entry({ target: at, warmUntil: NOW + 1000 + at }), NOW);
  }
  let found = 0;
  for (let at = 0; at < sessions; at += 1) {
    const read = table.find({ low: Math.imul(at, 0x9e3779b1) | 0, high: at }, NOW);
    if (read === null) continue;
    found += 1;
    expect(read.target).toBe(at);
  }
  expect(found).toBeGreaterThan(120_000);
  expect(found).toBeLessThanOrEqual(131_072);
});

test("threads that write the same sets at once never read what belongs to another session", async () => {
  const memory = StickyTable.createMemory();
  const results = await Promise.all(
    [1, 2, 3, 4].map((seed) => {
      const worker = new Worker(new URL("./fixtures/sticky-worker.ts", import.meta.url).href);
      return new Promise<{ wrong: number; found: number }>((resolve) => {
        worker.addEventListener("message", (event: MessageEvent<{ wrong: number; found: number }>) => {
          worker.terminate();
          resolve(event.data);
        });
        worker.postMessage({ memory, seed, rounds: 300_000 });
      });
    }),
  );
  for (const { wrong, found } of results) {
    expect(wrong).toBe(0);
    expect(found).toBeGreaterThan(100_000);
  }
});

test("a target is known by its provider and model together", () => {
  expect(targetMark("openai", "gpt-4o")).toBe(targetMark("openai", "gpt-4o"));
  expect(targetMark("openai", "gpt-4o")).not.toBe(targetMark("azure", "gpt-4o"));
});
