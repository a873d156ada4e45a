import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chunk, STREAM_HEAD } from "../mock-upstream/answers.ts";
import type { Step } from "../mock-upstream/server.ts";
import { ask, PIECES, recordOf, startBench, TEXT, until, type Bench } from "./bench.ts";
import { PAIRS, WIRES } from "./wire.ts";

const MOST_BYTES = 64 * 1024;
const REQUEST_MS = 1500;
const MESSAGE = "of no class";

let bench: Bench;
beforeAll(async () => {
  const network = { max_response_bytes: MOST_BYTES, first_byte_timeout_ms: 20_000, idle_timeout_ms: 20_000 };
  bench = await startBench({ network, config: { server: { request_timeout_ms: REQUEST_MS } } });
});
afterAll(() => bench.stop());

/** What says nothing, by provider; those here tell the end of an answer by a mark. */
const NOTHINGS = { "openai-chat": ": nothing\n\n", "anthropic-messages": ": nothing\n\n", ollama: "\n" };
const CASES = PAIRS.flatMap((pair) =>
  Object.entries(NOTHINGS).flatMap(([provider, nothing]) =>
    pair.provider === provider ? [[pair.name, pair, nothing] as const] : [],
  ),
);

describe.each(CASES)("%s", (_, pair, nothing) => {
  const wire = WIRES[pair.provider];

  test("what comes without end before the first content is not kept", async () => {
    const flood = chunk(nothing.repeat((MOST_BYTES / nothing.length) | 0));
    const model = bench.model(pair.provider, [{ write: STREAM_HEAD }, flood, flood, { stall: true }]);
    const seen = await ask(bench, pair.client, model, { ...pair.ask, stream: true });
    expect({ status: seen.status, code: seen.error.code }).toEqual({ status: 502, code: "provider_protocol_error" });
    expect(await recordOf(bench.gateway, seen.id)).toMatchObject({ outcome: "provider_protocol_error", status: 502 });
  });

  test("what comes without end behind the answer ends with the time of the request", async () => {
    const events = wire.events(PIECES, wire.usage).map((event) => chunk(event));
    const drops = Array.from({ length: 100 }, (): Step[] => [{ wait: 50 }, chunk(nothing)]).flat();
    const model = bench.model(pair.provider, [{ write: STREAM_HEAD }, ...events, ...drops]);
    const { abandoned } = bench.mock;
    const seen = await ask(bench, pair.client, model, { ...pair.ask, stream: true });
    expect(seen).toMatchObject({ status: 200, endedWell: true, reading: { text: TEXT, error: null, isWhole: true } });
    await until(() => bench.mock.abandoned > abandoned, "the upstream call is closed");
    expect(await recordOf(bench.gateway, seen.id)).toMatchObject({ outcome: "success", status: 200 });
  });
});

describe("what passes through", () => {
  test("with a status of no class is an error of the provider", async () => {
    const model = bench.model("openai-chat", [
      { write: `HTTP/1.1 999 Odd\r\ncontent-length: ${MESSAGE.length}\r\n\r\n${MESSAGE}` },
    ]);
    const response = await fetch(`${bench.gateway.url}/passthrough/p-openai-chat/v1/odd`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: model.split("/")[1] }),
    });
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ error: { code: "provider_protocol_error" } });
    const id = response.headers.get("x-trunkline-request-id") ?? "";
    expect(await recordOf(bench.gateway, id)).toMatchObject({ outcome: "provider_protocol_error", status: 502 });
  });
});
