import { afterAll, beforeAll, expect, test } from "bun:test";
import { chunk, LAST_CHUNK, STREAM_HEAD } from "../mock-upstream/answers.ts";
import type { Step } from "../mock-upstream/server.ts";
import { ask, recordOf, startBench, type Bench } from "./bench.ts";

/** Streams of more calls than any model makes. */
let bench: Bench;
beforeAll(async () => {
  bench = await startBench({ gateway: { args: ["--threads", "1"] } });
});
afterAll(() => bench.stop());

const choice = (delta: unknown, reason: string | null): string =>
  `data: ${JSON.stringify({ id: "x", model: "m", choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`;

function callsOf(count: number): Step[] {
  const call = (index: number): string =>
    choice({ tool_calls: [{ index, id: `c${index}`, function: { name: "f", arguments: "{}" } }] }, null);
  const events = Array.from({ length: count }, (_, index) => call(index));
  const pieces = Array.from({ length: Math.ceil(count / 500) }, (_, at) =>
    events.slice(at * 500, at * 500 + 500).join(""),
  );
  const end = choice({}, "tool_calls");
  return [
    { write: STREAM_HEAD },
    chunk(choice({ role: "assistant", content: "hi" }, null)),
    ...pieces.map((piece) => chunk(piece)),
    chunk(`${end}data: [DONE]\n\n`),
    LAST_CHUNK,
  ];
}

test.each(["openai-chat", "anthropic-messages", "gemini", "openai-responses"] as const)(
  "end in an error for a client of %s",
  async (client) => {
    const seen = await ask(bench, client, bench.model("openai-chat", callsOf(30_000)), { stream: true });
    expect(seen).toMatchObject({
      status: 200,
      endedWell: true,
      reading: { error: { code: "provider_protocol_error" } },
    });
    expect(await recordOf(bench.gateway, seen.id)).toMatchObject({ outcome: "provider_protocol_error" });
  },
);

test("are whole up to there", async () => {
  const seen = await ask(bench, "anthropic-messages", bench.model("openai-chat", callsOf(9000)), { stream: true });
  expect(seen).toMatchObject({ status: 200, endedWell: true, reading: { error: null } });
  expect(await recordOf(bench.gateway, seen.id)).toMatchObject({ outcome: "success" });
});
