import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chunk, STREAM_HEAD } from "../mock-upstream/answers.ts";
import { wireBytes } from "../mock-upstream/event-stream-view.ts";
import type { Step } from "../mock-upstream/server.ts";
import { countedRequests, PIECES, startBench, TEXT, until, type Bench } from "./bench.ts";
import { checkFault, untilHead, type FaultCase } from "./fault-case.ts";
import { PAIRS, WIRES, type Pair, type Reading } from "./wire.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({ keys: 1300 });
});
afterAll(() => bench.stop());

/** A reset must not overtake what was sent before it. */
const PAUSE: Step = { wait: 30 };
const CUTS = ["fin", "rst"] as const;
const CLOSE_HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";

/** The connection ends before the answer does: in the head's place, after the head, and after each event. */
function chunkedCuts({ provider }: Pair): FaultCase[] {
  const events = WIRES[provider].events(PIECES, WIRES[provider].usage);
  return CUTS.flatMap((cut) => [
    before(`${cut} before the head`, [PAUSE, { cut }], "upstream_unreachable", "upstream_failed"),
    before(
      `${cut} within the head`,
      [{ write: "HTTP/1.1 200 OK\r\nconte" }, PAUSE, { cut }],
      "upstream_truncated",
      "upstream_truncated",
    ),
    ...Array.from({ length: events.length + 1 }, (_, count) => {
      const sent = events.slice(0, count);
      const head = untilHead();
      const wait = sent.some((event) => WIRES[provider].isContent(event)) ? [head.step, PAUSE] : [PAUSE];
      const steps = [{ write: STREAM_HEAD }, ...sent.map((event) => chunk(event)), ...wait, { cut }];
      const name = `${cut} after ${count} of ${events.length} events`;
      return { ...truncated(name, steps, provider, sent), onHead: head.onHead };
    }),
  ]);
}

/** The connection ends within an event: the client must not get a part of it, in which an error event would be lost. */
function cutsWithinEvents({ provider }: Pair): FaultCase[] {
  const events = WIRES[provider].events(PIECES, WIRES[provider].usage);
  return events.map((event, count) => {
    const sent = events.slice(0, count);
    const bytes = wireBytes(event);
    const part = bytes.subarray(0, Math.ceil((bytes.length * (count + 1)) / (events.length + 1)));
    const steps = [
      { write: STREAM_HEAD },
      ...sent.map((each) => chunk(each)),
      chunk(part),
      PAUSE,
      { cut: "fin" as const },
    ];
    return truncated(`fin within event ${count + 1} of ${events.length}`, steps, provider, sent);
  });
}

/** The same without framing: the close is the end, and only the dialect can tell whether the answer was whole. */
function unframedCuts({ provider }: Pair): FaultCase[] {
  const events = WIRES[provider].events(PIECES, WIRES[provider].usage);
  return Array.from({ length: events.length + 1 }, (_, count) => {
    const sent = events.slice(0, count);
    const steps = [{ write: CLOSE_HEAD }, ...sent.map((event) => ({ write: event })), { cut: "fin" as const }];
    return truncated(`unframed close after ${count} of ${events.length} events`, steps, provider, sent, true);
  });
}

function wholeCuts({ provider }: Pair): FaultCase[] {
  const body = JSON.stringify(WIRES[provider].whole(TEXT, WIRES[provider].usage));
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  return CUTS.flatMap((cut) => [
    before(
      `${cut} before the head of a whole answer`,
      [PAUSE, { cut }],
      "upstream_unreachable",
      "upstream_failed",
      false,
    ),
    before(
      `${cut} after the head of a whole answer`,
      [{ write: head }, PAUSE, { cut }],
      "upstream_truncated",
      "upstream_truncated",
      false,
    ),
    before(
      `${cut} within a whole answer`,
      [{ write: head + body.slice(0, body.length / 2) }, PAUSE, { cut }],
      "upstream_truncated",
      "upstream_truncated",
      false,
    ),
  ]);
}

function before(
  name: string,
  steps: Step[],
  code: FaultCase["code"],
  outcome: FaultCase["outcome"],
  stream = true,
): FaultCase {
  return { name, stream, steps, text: "", code, status: 502, outcome };
}

function truncated(
  name: string,
  steps: Step[],
  provider: Pair["provider"],
  sent: string[],
  isUnframed = false,
): FaultCase {
  const count = sent.filter((event) => WIRES[provider].isContent(event)).length;
  const text = PIECES.slice(0, count).join("");
  const reading = WIRES[provider].readStream(sent.join(""));
  if (isAnswer(provider, reading, isUnframed)) {
    const lacksMark = !reading.hasMark;
    return { name, stream: true, steps, text: TEXT, code: null, lacksMark, status: 200, outcome: "success" };
  }
  return { name, stream: true, steps, text, code: "upstream_truncated", status: 502, outcome: "upstream_truncated" };
}

/**
 * An answer that said its last word is whole, whatever becomes of the connection. Gemini has no last word, so that a broken
 * framing may have lost something; and where the close is the end, a stop reason suffices, as some hosts send no mark.
 */
function isAnswer(provider: Pair["provider"], reading: Reading, isUnframed: boolean): boolean {
  return isUnframed ? reading.isWhole : reading.hasMark && provider !== "gemini";
}

describe.each(PAIRS.map((pair) => [pair.name, pair] as const))("%s: the upstream is cut", (_, pair) => {
  const cases = [...chunkedCuts(pair), ...cutsWithinEvents(pair), ...unframedCuts(pair), ...wholeCuts(pair)];
  test.concurrent.each(cases.map((each) => [each.name, each] as const))("%s", async (_name, fault) => {
    await checkFault(bench, pair, fault);
  });
});

test("every request of this file has one record", async () => {
  expect(new Set(bench.ids).size).toBe(bench.ids.length);
  await until(async () => (await countedRequests(bench.gateway)) >= bench.ids.length, "all records in the metrics");
  expect(await countedRequests(bench.gateway)).toBe(bench.ids.length);
  expect(await bench.gateway.records(bench.ids.length)).toHaveLength(bench.ids.length);
});
