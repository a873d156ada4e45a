import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { SpokenDialect } from "../e2e/spoken.ts";
import { chunk, LAST_CHUNK, STREAM_HEAD, streamHead, textAnswer } from "../mock-upstream/answers.ts";
import type { Step } from "../mock-upstream/server.ts";
import { ask, goodAnswer, recordOf, startBench, TEXT, type Bench } from "./bench.ts";

/** A model can be brought to call tools with arguments that nest deeper than the runtime can write. */
const DEEP = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`;
const CALL = { index: 0, id: "a", type: "function", function: { name: "f", arguments: DEEP } };

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({ gateway: { args: ["--threads", "1"] } });
});
afterAll(() => bench.stop());

const line = (done: boolean, message: string): string =>
  `{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant",${message}},"done":${done}${done ? ',"done_reason":"stop"' : ""}}`;
const choice = (delta: unknown, reason: string | null): string =>
  `data: ${JSON.stringify({ id: "x", model: "m", choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`;

function ollama(end: string): Step[] {
  const call = line(true, `"content":"","tool_calls":[{"function":{"name":"f","arguments":${DEEP}}}]`);
  const first = chunk(`${line(false, '"content":"hi"')}\n`);
  return [{ write: streamHead("application/x-ndjson") }, first, { wait: 50 }, chunk(call + end), LAST_CHUNK];
}

const stillServes = async (): Promise<void> => {
  expect((await fetch(`${bench.gateway.url}/readyz`)).status).toBe(200);
  expect(bench.gateway.log()).not.toContain("a new one starts");
};

describe.each(["openai-chat", "anthropic-messages", "gemini"] as const)("of Ollama for %s", (client: SpokenDialect) => {
  test.each([
    ["in a line", "\n"],
    ["in a last line without its end", ""],
  ])("%s end the stream with an error, and nobody else's", async (_, end) => {
    const seen = await ask(bench, client, bench.model("ollama", ollama(end)), { stream: true });
    expect(seen).toMatchObject({
      status: 200,
      endedWell: true,
      reading: { error: { code: "provider_protocol_error" } },
    });
    expect(await recordOf(bench.gateway, seen.id)).toMatchObject({ outcome: "provider_protocol_error" });
    await stillServes();
  });
});

test.each(["gemini", "ollama", "anthropic-messages", "bedrock-converse"] as const)(
  "in pieces reach a client of %s as a text, which its dialect can write",
  async (client) => {
    const pieces = [DEEP.slice(0, 100_000), DEEP.slice(100_000)];
    const events = [
      choice({ role: "assistant", tool_calls: [{ ...CALL, function: { name: "f", arguments: pieces[0] } }] }, null),
      choice({ tool_calls: [{ index: 0, function: { arguments: pieces[1] } }] }, null),
      choice({}, "tool_calls"),
      "data: [DONE]\n\n",
    ];
    const steps = [{ write: STREAM_HEAD }, ...events.map((event) => chunk(event)), LAST_CHUNK];
    const seen = await ask(bench, client, bench.model("openai-chat", steps), { stream: true });
    expect(seen).toMatchObject({ status: 200, endedWell: true, reading: { error: null } });
    expect(await recordOf(bench.gateway, seen.id)).toMatchObject({ outcome: "success" });
    await stillServes();
  },
);

test("of a whole answer are a failure, which another target makes good", async () => {
  const whole = `{"model":"m","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":${DEEP}}}]},"done":true}`;
  const first = bench.model("ollama", textAnswer(whole, "application/json"));
  const other = bench.model("openai-chat", goodAnswer("openai-chat", false));
  const alone = await ask(bench, "gemini", first, { stream: false });
  expect([alone.status, alone.error.code]).toEqual([502, "provider_protocol_error"]);
  const seen = await ask(bench, "openai-chat", first, { stream: false, more: { fallbacks: [other] } });
  expect(seen.reading.text).toBe(TEXT);
  await stillServes();
});

test("that pass through are not counted, and pass", async () => {
  const model = bench.model("ollama", ollama(""));
  const response = await fetch(`${bench.gateway.url}/passthrough/p-ollama/api/chat`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: model.split("/")[1], messages: [{ role: "user", content: "hi" }] }),
  });
  expect((await response.text()).length).toBeGreaterThan(DEEP.length);
  await stillServes();
});
