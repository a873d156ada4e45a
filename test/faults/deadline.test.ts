import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chunk, jsonAnswer, STREAM_HEAD } from "../mock-upstream/answers.ts";
import type { Step } from "../mock-upstream/server.ts";
import { ask, FULL_TOKENS, goodAnswer, PIECES, recordOf, startBench, TEXT, until, type Bench } from "./bench.ts";
import { PAIRS, WIRES, type Pair } from "./wire.ts";

/** The request's deadline is far shorter than what the provider may take for an attempt. */
let bench: Bench;
beforeAll(async () => {
  const network = {
    first_byte_timeout_ms: 60_000,
    idle_timeout_ms: 60_000,
    max_retries: 5,
    backoff_initial_ms: 5000,
    backoff_max_ms: 60_000,
  };
  bench = await startBench({ keys: 180, network, config: { server: { request_timeout_ms: 400 } } });
});
afterAll(() => bench.stop());

const STALL: Step = { stall: true };

interface Late {
  name: string;
  stream: boolean;
  steps(pair: Pair): Step[];
  text: string;
  /** Nobody else could be tried: the fallback that the others have is left out. */
  isAlone?: boolean;
  /** Attempts on the record. */
  codes: (string | null)[];
}

const LATE: Late[] = [
  { name: "before a whole answer", stream: false, steps: () => [STALL], text: "", codes: ["deadline_exceeded"] },
  { name: "before a stream", stream: true, steps: () => [STALL], text: "", codes: ["deadline_exceeded"] },
  {
    name: "between the head of a stream and its content",
    stream: true,
    steps: () => [{ write: STREAM_HEAD }, STALL],
    text: "",
    codes: ["deadline_exceeded"],
  },
  {
    name: "within a stream",
    stream: true,
    steps: ({ provider }) => {
      const events = WIRES[provider].events(PIECES, WIRES[provider].usage);
      const first = events.findIndex((event) => WIRES[provider].isContent(event));
      return [{ write: STREAM_HEAD }, ...events.slice(0, first + 2).map((event) => chunk(event)), STALL];
    },
    text: PIECES.slice(0, 2).join(""),
    codes: [null],
  },
  {
    name: "before a retry could begin",
    stream: false,
    isAlone: true,
    steps: ({ provider }) => jsonAnswer(WIRES[provider].errorBody(500, "out of order"), 500),
    text: "",
    codes: ["upstream_error"],
  },
];

describe.each(PAIRS.map((pair) => [pair.name, pair] as const))("%s: the deadline passes", (_, pair) => {
  test.concurrent.each(LATE.map((late) => [late.name, late] as const))("%s", async (_name, late) => {
    const key = bench.key();
    const model = bench.model(pair.provider, late.steps(pair));
    const options = { ...pair.ask, stream: late.stream, maxTokens: FULL_TOKENS, key };
    const fallbacks = [bench.model(pair.provider, goodAnswer(pair.provider, late.stream))];
    const seen = await ask(bench, pair.client, model, {
      ...options,
      more: late.isAlone === true ? {} : { fallbacks },
    });
    expect(seen.endedWell).toBe(true);
    if (late.text === "")
      expect({ status: seen.status, code: seen.error.code }).toEqual({ status: 504, code: "deadline_exceeded" });
    else expect(seen.reading).toMatchObject({ text: late.text, error: { code: "deadline_exceeded" } });
    const record = await recordOf(bench.gateway, seen.id);
    expect(record).toMatchObject({ outcome: "deadline_exceeded", status: seen.status });
    expect(record.attempts.map(({ code }) => code)).toEqual(late.codes as never);
    const good = bench.model(pair.provider, goodAnswer(pair.provider, false));
    const second = await ask(bench, pair.client, good, { stream: false, maxTokens: FULL_TOKENS, key });
    expect(second.reading.text).toBe(TEXT);
    expect(second.headers.get("x-trunkline-warnings") ?? "").not.toContain("changed_field");
  });
});

test("the upstream calls were closed", async () => {
  await until(() => bench.mock.abandoned >= PAIRS.length * 4, "every stalled call is closed");
});
