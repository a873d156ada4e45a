import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { chunk, STREAM_HEAD } from "../mock-upstream/answers.ts";
import { ask, countedRequests, goodAnswer, PIECES, startBench, TEXT, until, type Bench, type Seen } from "./bench.ts";
import { WIRES } from "./wire.ts";

let bench: Bench;
beforeAll(async () => {
  const preload = new URL("./crash-preload.ts", import.meta.url).pathname;
  bench = await startBench({
    network: { idle_timeout_ms: 20_000 },
    gateway: { env: { BUN_OPTIONS: `--preload=${preload}` } },
  });
});
afterAll(() => bench.stop());

const STREAMS = 12;

const ENDED = "ended; a new one starts";
const REPLACED = / serves$/m;

/** How often the process has said something. */
function timesOf(what: string | RegExp): number {
  const pattern = typeof what === "string" ? new RegExp(what, "g") : new RegExp(what, "gm");
  return [...bench.gateway.log().matchAll(pattern)].length;
}

/** Resolves when the process has noticed that the thread is gone: until then its socket may still take connections. */
async function crash(): Promise<void> {
  const before = timesOf(ENDED);
  writeFileSync(join(bench.gateway.dir, "crash"), "");
  await until(() => timesOf(ENDED) > before, "a thread crashed");
}

async function answers(count: number): Promise<number> {
  const model = bench.model("openai-chat", goodAnswer("openai-chat", false));
  let good = 0;
  for (let at = 0; at < count; at += 1) {
    const seen: Seen | null = await ask(bench, "openai-chat", model, {
      stream: false,
      headers: { connection: "close" },
    }).catch(() => null);
    if (seen?.reading.text === TEXT) good += 1;
  }
  return good;
}

test("a data thread that crashes is replaced; the others go on, and what it had under way is recorded", async () => {
  const wire = WIRES["openai-chat"];
  const events = wire.events(PIECES, wire.usage);
  const slow = bench.model("openai-chat", [
    { write: STREAM_HEAD },
    ...events.slice(0, 3).map((event) => chunk(event)),
    { wait: 1500 },
    ...events.slice(3).map((event) => chunk(event)),
    { write: "0\r\n\r\n" },
  ]);
  const streams = Array.from({ length: STREAMS }, () =>
    ask(bench, "openai-chat", slow, { stream: true, usage: true, headers: { connection: "close" } }).catch(() => null),
  );
  await until(
    () => bench.mock.requests.filter(({ body }) => body.includes(slow.split("/")[1] ?? "")).length === STREAMS,
    "all streams are open",
  );
  await Bun.sleep(50);
  await crash();
  expect(await answers(50)).toBe(50);
  const ended = await Promise.all(streams);
  const whole = ended.filter((seen) => seen?.reading.text === TEXT && seen.reading.hasMark);
  const broken = ended.filter((seen) => seen === null || !seen.reading.isWhole);
  expect(whole.length + broken.length).toBe(STREAMS);
  expect(bench.gateway.log()).toContain("crash for the test");
  const outcomes = (await bench.gateway.records(50 + STREAMS)).map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === "success")).toHaveLength(50 + whole.length);
  expect(outcomes.filter((outcome) => outcome === "drained")).toHaveLength(broken.length);
  console.log(`a crash cut ${broken.length} of ${STREAMS} streams`);
});

test("crash after crash, the process goes on serving", async () => {
  for (let round = 0; round < 6; round += 1) {
    // It must not meet the only thread.
    await until(() => timesOf(REPLACED) >= timesOf(ENDED), "the thread before was replaced");
    await crash();
    expect(await answers(10)).toBe(10);
  }
  expect(await countedRequests(bench.gateway)).toBeGreaterThan(60);
});
