import { describe, expect, test } from "bun:test";
import { sessionKey } from "./session-key.ts";
import { SessionMemory } from "./session-memory.ts";

const NOW = 1_800_000_000_000;
const TTL = 60_000;

/** What a thread saw: values that were there, and of them those of another conversation. */
interface Work {
  found: number;
  foreign: number;
}

function table(entries = 1024): SessionMemory {
  return new SessionMemory(SessionMemory.createMemory(entries));
}

describe("SessionMemory", () => {
  test("keeps label and score until the time is over", () => {
    const memory = table();
    const key = sessionKey(7n, "app", "s1");
    expect(memory.recall(key, NOW)).toBeNull();
    memory.keep(key, { label: 3, score: 0.519 }, NOW, TTL);
    expect(memory.recall(key, NOW + TTL - 1000)).toEqual({ label: 3, score: 0.519 });
    expect(memory.recall(key, NOW + TTL)).toBeNull();
  });

  test("a key of other parts, or another split of the same text, is another conversation", () => {
    const memory = table();
    memory.keep(sessionKey(7n, "app", "s1"), { label: 1, score: 1 }, NOW, TTL);
    for (const other of [["app2", "s1"], ["app", "s2"], ["apps", "1"], ["apps1"]])
      expect(memory.recall(sessionKey(7n, ...other), NOW)).toBeNull();
    expect(memory.recall(sessionKey(8n, "app", "s1"), NOW)).toBeNull();
  });

  test("raise keeps the higher label, and lets it expire by when it was last reached", () => {
    const memory = table();
    const key = sessionKey(7n, "app", "s1");
    expect(memory.raise(key, { label: 2, score: 0.5 }, NOW, TTL)).toEqual({ label: 2, score: 0.5 });
    expect(memory.raise(key, { label: 0, score: 0.1 }, NOW + 50_000, TTL)).toEqual({ label: 2, score: 0.5 });
    expect(memory.raise(key, { label: 2, score: 0.4 }, NOW + 55_000, TTL)).toEqual({ label: 2, score: 0.4 });
    expect(memory.raise(key, { label: 0, score: 0.1 }, NOW + 100_000, TTL)).toEqual({ label: 2, score: 0.4 });
    expect(memory.raise(key, { label: 0, score: 0.1 }, NOW + 120_000, TTL)).toEqual({ label: 0, score: 0.1 });
  });

  test("a full table forgets what expires first, never more than its room", () => {
    const memory = table(8);
    for (let at = 0; at < 9; at += 1)
      memory.keep(sessionKey(7n, `s${at}`), { label: at, score: 0 }, NOW, TTL + at * 10_000);
    const kept = Array.from({ length: 9 }, (_, at) => memory.recall(sessionKey(7n, `s${at}`), NOW)?.label);
    expect(kept).toEqual([undefined, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("threads that write over each other never give one conversation another's label", async () => {
    const memory = SessionMemory.createMemory(64);
    const work = (seed: number): Promise<Work> => {
      const worker = new Worker(new URL("./fixtures/memory-worker.ts", import.meta.url).href);
      worker.postMessage({ memory, seed, rounds: 60_000 });
      return new Promise((resolve, reject) => {
        worker.addEventListener("message", ({ data }: MessageEvent<Work>) => {
          worker.terminate();
          resolve(data);
        });
        worker.addEventListener("error", (event) => reject(new Error(event.message)));
      });
    };
    for (const { foreign, found } of await Promise.all([1, 2, 3].map(work))) {
      expect(foreign).toBe(0);
      expect(found).toBeGreaterThan(20_000);
    }
  }, 30_000);
});
