import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { chunk, STREAM_HEAD } from "../mock-upstream/answers.ts";
import type { Step } from "../mock-upstream/server.ts";
import { startBench, type Bench } from "./bench.ts";
import { WIRES } from "./wire.ts";

const MIB = 1024 * 1024;
const PROMPT = 2 * MIB;
const STREAMS = 200;
/** The gateway holds a prompt as text, as JSON and as bytes to send: kept for each stream it would be three times this and more. */
const MOST_GROWTH = STREAMS * PROMPT;

function rss({ gateway }: Bench): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${gateway.pid}/status`, "utf8"));
  return Number(line?.[1] ?? 0) * 1024;
}

test.each(["openai-chat", "anthropic-messages"] as const)(
  "the prompts of streams under way are let go: %s",
  async (client) => {
    // One gateway each: a heap that has grown once has room for what is held on to later.
    const bench = await startBench({ network: { first_byte_timeout_ms: 60_000, idle_timeout_ms: 120_000 } });
    const { events, usage } = WIRES["openai-chat"];
    const begin: Step[] = events(["Hello", " there"], usage)
      .slice(0, 3)
      .map((event) => chunk(event));
    const model = bench.model("openai-chat", [{ write: STREAM_HEAD }, ...begin, { stall: true }]);
    const { path, body } = WIRES[client].ask(model, { stream: true });
    const text = JSON.stringify({ ...body, messages: [{ role: "user", content: "x".repeat(PROMPT) }] });
    const before = rss(bench);
    const open: AbortController[] = [];
    for (let at = 0; at < STREAMS; at += 1) {
      const abort = new AbortController();
      open.push(abort);
      const response = await fetch(`${bench.gateway.url}${path}`, { method: "POST", body: text, signal: abort.signal });
      expect(response.status).toBe(200);
      await response.body?.getReader().read();
    }
    const growth = rss(bench) - before;
    for (const abort of open) abort.abort();
    await bench.stop();
    expect(growth).toBeLessThan(MOST_GROWTH);
  },
  60_000,
);
