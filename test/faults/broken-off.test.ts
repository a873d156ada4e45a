import { afterAll, beforeAll, expect, test } from "bun:test";
import { jsonAnswer, streamAnswer } from "../mock-upstream/answers.ts";
import type { Step } from "../mock-upstream/server.ts";
import { goodAnswer, recordOf, startBench, TEXT, ask, type Bench } from "./bench.ts";

/** As Gemini says that it could not write a call: no content, and the prompt is billed. */
const BROKEN = {
  candidates: [{ content: {}, finishReason: "MALFORMED_FUNCTION_CALL", index: 0 }],
  usageMetadata: { promptTokenCount: 9, totalTokenCount: 9 },
  modelVersion: "m",
  responseId: "r",
};
const broken = (stream: boolean): Step[] =>
  stream ? streamAnswer([`data: ${JSON.stringify(BROKEN)}\n\n`]) : jsonAnswer(BROKEN);

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const CLIENTS = ["openai-chat", "openai-responses", "anthropic-messages"] as const;

for (const client of CLIENTS) {
  test.each([false, true])(
    `${client}, streamed %p: what was broken off before it began is tried elsewhere`,
    async (stream) => {
      const first = bench.model("gemini", broken(stream));
      const other = bench.model("openai-chat", goodAnswer("openai-chat", stream));
      const seen = await ask(bench, client, first, { stream, more: { fallbacks: [other] } });
      expect(seen.reading).toMatchObject({ text: TEXT, error: null });
      const record = await recordOf(bench.gateway, seen.id);
      expect(record.outcome).toBe("success");
      expect(record.attempts.map(({ code }) => code)).toEqual(["upstream_error", null]);
    },
  );

  test.each([false, true])(`${client}, streamed %p: without another it is a failure that says so`, async (stream) => {
    const seen = await ask(bench, client, bench.model("gemini", broken(stream)), { stream });
    expect(seen.status).toBe(502);
    expect(seen.body).toContain("MALFORMED_FUNCTION_CALL");
    expect((await recordOf(bench.gateway, seen.id)).outcome).toBe("upstream_failed");
  });
}

test("a client of Gemini's own dialect sees it as it is", async () => {
  const seen = await ask(bench, "gemini", bench.model("gemini", broken(false)), { stream: false });
  expect([seen.status, seen.body]).toEqual([200, JSON.stringify(BROKEN)]);
});
