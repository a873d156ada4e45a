import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chunk, STREAM_HEAD } from "../mock-upstream/answers.ts";
import { wireBytes } from "../mock-upstream/event-stream-view.ts";
import type { Step } from "../mock-upstream/server.ts";
import { ask, FULL_TOKENS, goodAnswer, PIECES, startBench, TEXT, until, type Bench } from "./bench.ts";
import { checkFault, type FaultCase } from "./fault-case.ts";
import { PAIRS, WIRES, type Pair } from "./wire.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({ keys: 400 });
});
afterAll(() => bench.stop());

const STALL: Step = { stall: true };

/** The upstream goes silent and keeps the connection: before the head, before the first content, between events. */
function stalls({ provider }: Pair): FaultCase[] {
  const wire = WIRES[provider];
  const events = wire.events(PIECES, wire.usage);
  const body = JSON.stringify(wire.whole(TEXT, wire.usage));
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  return [
    stalled("before the head of a stream", [STALL], ""),
    stalled("within the head", [{ write: "HTTP/1.1 200 OK\r\ncontent-ty" }, STALL], ""),
    { ...stalled("before the head of a whole answer", [STALL], ""), stream: false },
    { ...stalled("before the body of a whole answer", [{ write: head }, STALL], ""), stream: false },
    { ...stalled("within a whole answer", [{ write: head + body.slice(0, -10) }, STALL], ""), stream: false },
    ...Array.from({ length: events.length + 1 }, (_, count) => {
      const sent = events.slice(0, count);
      const steps = [{ write: STREAM_HEAD }, ...sent.map((event) => chunk(event)), STALL];
      const name = `after ${count} of ${events.length} events`;
      const isWhole = provider !== "gemini" && count === events.length;
      if (isWhole) return { ...stalled(name, steps, TEXT), code: null, outcome: "success" as const };
      return stalled(name, steps, PIECES.slice(0, sent.filter((event) => wire.isContent(event)).length).join(""));
    }),
    stalled("within an event", [{ write: STREAM_HEAD }, chunk(wireBytes(events[0] ?? "").subarray(0, 20)), STALL], ""),
  ];
}

function stalled(name: string, steps: Step[], text: string): FaultCase {
  return { name, stream: true, steps, text, code: "upstream_timeout", status: 504, outcome: "upstream_stalled" };
}

describe.each(PAIRS.map((pair) => [pair.name, pair] as const))("%s: the upstream stalls", (_, pair) => {
  test.concurrent.each(stalls(pair).map((each) => [each.name, each] as const))("%s", async (_name, fault) => {
    await checkFault(bench, pair, fault);
  });
});

test("what is reserved is not to be had while the request is under way", async () => {
  const key = bench.key();
  const pings = Array.from({ length: 200 }, () => [chunk(": still here\n\n"), { wait: 50 }]).flat();
  const lasting = bench.model("openai-chat", [{ write: STREAM_HEAD }, ...pings]);
  const good = bench.model("openai-chat", goodAnswer("openai-chat", false));
  const control = new AbortController();
  const first = ask(bench, "openai-chat", lasting, {
    stream: true,
    maxTokens: FULL_TOKENS,
    key,
    signal: control.signal,
  });
  await until(
    () => bench.mock.requests.some(({ body }) => body.includes(lasting.split("/")[1] ?? "")),
    "the first request is under way",
  );
  const second = await ask(bench, "openai-chat", good, { stream: false, maxTokens: FULL_TOKENS, key });
  expect(second.headers.get("x-trunkline-warnings")).toContain("changed_field max_output_tokens");
  expect(Number(bench.mock.requests.at(-1)?.json["max_tokens"])).toBeLessThan(FULL_TOKENS);
  control.abort();
  expect(first).rejects.toThrow();
});
