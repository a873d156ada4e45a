import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { chunk, LAST_CHUNK, STREAM_HEAD } from "../mock-upstream/answers.ts";
import type { Step } from "../mock-upstream/server.ts";
import { DIALECT_NAMES, goodAnswer, PIECES, recordOf, startBench, TEXT, until, type Bench } from "./bench.ts";
import { CANCEL, connectHttp2, readAnswer, type Http2Client } from "./http2-client.ts";
import { WIRES } from "./wire.ts";

const MIB = 1024 * 1024;
const network = { idle_timeout_ms: 20_000, first_byte_timeout_ms: 20_000 };

/** The first pieces of a stream, then what is said. */
function cut(count: number, then: Step[]): Step[] {
  const wire = WIRES["openai-chat"];
  const events = wire.events(PIECES, wire.usage);
  const first = events.findIndex((event) => wire.isContent(event));
  return [{ write: STREAM_HEAD }, ...events.slice(0, first + count).map((event) => chunk(event)), ...then];
}

describe("HTTP/2 without TLS", () => {
  let bench: Bench;
  let client: Http2Client;
  beforeAll(async () => {
    bench = await startBench({ network });
    client = connectHttp2(bench.gateway.url);
  });
  afterAll(async () => {
    client.close();
    await bench.stop();
  });

  test.each(DIALECT_NAMES)("%s is answered whole and streamed", async (name) => {
    const whole = await client.ask(name, bench.model(name, goodAnswer(name, false)), { stream: false });
    expect({ status: whole.status, text: WIRES[name].readWhole(JSON.parse(whole.text)) }).toEqual({
      status: 200,
      text: TEXT,
    });
    const stream = await client.ask(name, bench.model(name, goodAnswer(name, true)), { stream: true });
    expect(WIRES[name].readStream(stream.text)).toEqual({ text: TEXT, error: null, isWhole: true, hasMark: true });
    expect(await recordOf(bench.gateway, String(stream.headers["x-trunkline-request-id"]))).toMatchObject({
      outcome: "success",
    });
  });

  test("many requests share a connection, and none waits for another", async () => {
    const stalled = client.open("openai-chat", bench.model("openai-chat", [{ stall: true }]), { stream: true });
    const model = bench.model("openai-chat", goodAnswer("openai-chat", true));
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => client.ask("openai-chat", model, { stream: true })),
    );
    for (const { text } of answers) expect(WIRES["openai-chat"].readStream(text).text).toBe(TEXT);
    stalled.close(CANCEL);
  });

  test.each([0, 2])("a reset after %d pieces ends the upstream call", async (count) => {
    const steps: Step[] = count === 0 ? [{ stall: true }] : cut(count, [{ stall: true }]);
    const model = bench.model("openai-chat", steps);
    const { abandoned, requests } = bench.mock;
    const before = requests.length;
    const stream = client.open("openai-chat", model, { stream: true });
    let text = "";
    stream.on("data", (bytes: Buffer) => (text += bytes.toString()));
    let id = "";
    stream.on("response", (head) => (id = String(head["x-trunkline-request-id"])));
    await until(() => requests.length > before, "the upstream has the request");
    if (count > 0) await until(() => text.includes(JSON.stringify(PIECES[count - 1])), "the client has the text");
    stream.close(CANCEL);
    await until(() => bench.mock.abandoned > abandoned, "the upstream call is closed");
    if (count > 0) expect(await recordOf(bench.gateway, id)).toMatchObject({ outcome: "client_aborted" });
  });

  test("a connection that is gone ends the calls of all its streams", async () => {
    const { abandoned, requests } = bench.mock;
    const before = requests.length;
    const other = connectHttp2(bench.gateway.url);
    for (let at = 0; at < 5; at += 1)
      other.open("openai-chat", bench.model("openai-chat", [{ stall: true }]), { stream: at % 2 === 0 });
    await until(() => requests.length >= before + 5, "the upstream has the requests");
    other.close();
    await until(() => bench.mock.abandoned >= abandoned + 5, "the upstream calls are closed");
  });

  test("a slow reader pauses the upstream, holds up nobody else, and gets everything", async () => {
    const piece = "x".repeat(4000);
    const wire = WIRES["openai-chat"];
    const [head = "", ...events] = wire.events(
      Array.from({ length: 5000 }, () => piece),
      wire.usage,
    );
    const model = bench.model("openai-chat", [{ write: STREAM_HEAD }, chunk(head), chunk(events.join("")), LAST_CHUNK]);
    const stream = client.open("openai-chat", model, { stream: true });
    await until(() => bench.mock.unread() > 8 * MIB, "the upstream is held up");
    const quick = await client.ask("openai-chat", bench.model("openai-chat", goodAnswer("openai-chat", true)), {
      stream: true,
    });
    expect(wire.readStream(quick.text).text).toBe(TEXT);
    expect(bench.mock.unread()).toBeGreaterThan(8 * MIB);
    const { text, reset } = await readAnswer(stream);
    expect({ reset, pieces: text.split(piece).length - 1 }).toEqual({ reset: 0, pieces: 5000 });
  });

  test("a body larger than the limit is refused", async () => {
    const answer = await client.ask("openai-chat", bench.model("openai-chat", goodAnswer("openai-chat", false)), {
      stream: false,
      more: { user: "x".repeat(33 * MIB) },
    });
    expect({ status: answer.status, code: JSON.parse(answer.text).error.code }).toEqual({
      status: 413,
      code: "body_too_large",
    });
  });
});

describe("a drain over HTTP/2", () => {
  let bench: Bench;
  afterEach(() => bench.stop());

  test("lets streams end, says so to the connection, and ends idle ones", async () => {
    bench = await startBench({ network, config: { server: { drain_timeout_ms: 6000 } } });
    const wire = WIRES["openai-chat"];
    const client = connectHttp2(bench.gateway.url);
    const idle = connectHttp2(bench.gateway.url);
    await idle.ask("openai-chat", bench.model("openai-chat", goodAnswer("openai-chat", false)), { stream: false });
    const rest = wire
      .events(PIECES, wire.usage)
      .slice(3)
      .map((event) => chunk(event));
    const steps = cut(2, [{ wait: 2500 }, ...rest, LAST_CHUNK]);
    const before = bench.mock.requests.length;
    const answers = Array.from({ length: 4 }, () =>
      client.ask("openai-chat", bench.model("openai-chat", steps), { stream: true }),
    );
    await until(() => bench.mock.requests.length >= before + 4, "the streams are under way");
    bench.gateway.kill("SIGTERM");
    await until(() => idle.goaways.length > 0 && client.goaways.length > 0, "the connections are told");
    for (const { text, reset } of await Promise.all(answers)) {
      expect({ reset, ...wire.readStream(text) }).toEqual({
        reset: 0,
        text: TEXT,
        error: null,
        isWhole: true,
        hasMark: true,
      });
    }
    expect([...client.goaways, ...idle.goaways].every((code) => code === 0)).toBe(true);
    expect(await bench.gateway.exited).toBe(0);
  });
});

describe("server.http2: false", () => {
  let bench: Bench;
  afterEach(() => bench.stop());

  test("leaves HTTP/1.1 alone", async () => {
    bench = await startBench({ config: { server: { http2: false } } });
    const client = connectHttp2(bench.gateway.url);
    const model = bench.model("openai-chat", goodAnswer("openai-chat", false));
    expect((await client.ask("openai-chat", model, { stream: false })).status).toBe(0);
    expect(bench.mock.requests).toEqual([]);
    expect((await fetch(`${bench.gateway.url}/healthz`)).status).toBe(200);
  });
});
