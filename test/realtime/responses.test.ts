import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import { ResponsesWS } from "openai/resources/responses/ws";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { NewRecords } from "../gateway/new-records.ts";
import { jsonAnswer, streamAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockRequest, type MockUpstream, type Step } from "../mock-upstream/server.ts";
import { connect, until, type TestClient } from "./client.ts";
import { KEY } from "./scene.ts";
import { startTlsFront } from "./tls-front.ts";

let gateway: Gateway;
let upstream: MockUpstream;
let script: (request: MockRequest) => Step[];
const written = new NewRecords(() => gateway);

/** A stream of Responses, as OpenAI sends it. */
function responsesStream(id: string, text: string): string[] {
  const part = { type: "output_text", text, annotations: [] };
  const item = { id: "msg_1", type: "message", role: "assistant", status: "completed", content: [part] };
  const base = { id, object: "response", created_at: 1, model: "gpt-4o", output: [], status: "in_progress" };
  const usage = { input_tokens: 5, output_tokens: 2, total_tokens: 7, input_tokens_details: { cached_tokens: 0 } };
  const at = { item_id: "msg_1", output_index: 0, content_index: 0 };
  const events = [
    { type: "response.created", response: base },
    { type: "response.output_item.added", output_index: 0, item: { ...item, status: "in_progress", content: [] } },
    { type: "response.content_part.added", ...at, part: { ...part, text: "" } },
    { type: "response.output_text.delta", ...at, delta: text },
    { type: "response.output_text.done", ...at, text },
    { type: "response.content_part.done", ...at, part },
    { type: "response.output_item.done", output_index: 0, item },
    { type: "response.completed", response: { ...base, status: "completed", output: [item], usage } },
  ];
  return events.map(
    (event, at) => `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number: at })}\n\n`,
  );
}

/** A stream of Anthropic's. */
function messagesStream(text: string): string[] {
  const usage = { input_tokens: 5, output_tokens: 1 };
  const message = {
    id: "msg_a",
    type: "message",
    role: "assistant",
    model: "claude",
    content: [],
    stop_reason: null,
    usage,
  };
  const events = [
    { type: "message_start", message },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } },
    { type: "message_stop" },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

beforeAll(async () => {
  upstream = await startMockUpstream((request) => script(request));
  const provider = { keys: [{ name: "main", value: "sk-upstream" }], network: { max_retries: 0 } };
  const grants = ["openai", "anthropic"].map((name) => ({ provider: name, allowed_models: ["*"] }));
  gateway = await startGateway({
    config: {
      version: 1,
      providers: {
        openai: { ...provider, base_url: `${upstream.url}/v1` },
        anthropic: { ...provider, base_url: `${upstream.url}/v1` },
      },
      governance: { virtual_keys: [{ name: "one", value: KEY, provider_configs: grants }] },
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

function open(): TestClient {
  return connect(`${gateway.url}/v1/responses`, { headers: { authorization: `Bearer ${KEY}` } });
}

const create = (fields: object) => ({ type: "response.create", model: "openai/gpt-5", input: "Hi", ...fields });

describe("Responses over WebSocket", () => {
  test("each response.create is a request of its own, its events are messages; refusals leave the connection open", async () => {
    script = ({ json }) => streamAnswer(responsesStream("resp_1", String(json["input"])), 1);
    const client = open();
    await client.opened;
    client.send(create({ input: "first", store: true, temperature: 0.5 }));
    await client.event("response.completed");
    expect(client.events.map(({ type }) => type)).toEqual([
      "response.created",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
    expect(upstream.requests.at(-1)?.json).toEqual({
      model: "gpt-5",
      input: "first",
      store: true,
      temperature: 0.5,
      stream: true,
    });
    client.send(create({ model: "nobody/x" }));
    expect(await client.event("error")).toMatchObject({ status: 404, error: { code: "model_not_found" } });
    for (const bad of ["no json", "[]", { type: "response.cancel" }, create({ background: true })]) {
      const before = client.events.length;
      client.send(bad);
      expect(await client.event("error", before)).toMatchObject({ status: 400 });
    }
    const before = client.events.length;
    client.send(create({ input: "again" }));
    await client.event("response.completed", before);
    client.socket.close();
    expect(await written.take(3)).toMatchObject([
      { operation: "responses", outcome: "success", model: "gpt-5", input_tokens: 5, output_tokens: 2, stream: true },
      { error_code: "model_not_found" },
      { outcome: "success" },
    ]);
  });

  test("OpenAI's SDK", async () => {
    script = () => streamAnswer(responsesStream("resp_1", "Hello"));
    const front = await startTlsFront(gateway.url);
    const sdk = new OpenAI({ apiKey: KEY, baseURL: `${front.url}/v1` });
    const socket = new ResponsesWS(sdk, { rejectUnauthorized: false } as object);
    const text = Promise.withResolvers<string>();
    socket.on("response.output_text.done", (event) => text.resolve(event.text));
    socket.on("error", (error) => text.reject(error));
    socket.send({ type: "response.create", model: "openai/gpt-5", input: "Hi" });
    expect(await text.promise).toBe("Hello");
    await written.take(1);
    socket.close();
    front.stop();
  });

  test("providers of other dialects serve too, and what they do not keep the connection does", async () => {
    script = () => streamAnswer(messagesStream("Hello"));
    const client = open();
    await client.opened;
    client.send(create({ model: "anthropic/claude-sonnet-4-5", input: "one" }));
    const { response } = (await client.event("response.completed")) as { response: { id: string } };
    const before = client.events.length;
    client.send(create({ model: "anthropic/claude-sonnet-4-5", input: "two", previous_response_id: response.id }));
    await client.event("response.completed", before);
    const { messages } = (upstream.requests.at(-1)?.json ?? {}) as { messages: { role: string; content: unknown }[] };
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    expect(JSON.stringify(messages)).toContain("Hello");
    client.socket.close();
    await written.take(2);
  });

  test("an answer that is not stored is kept by the connection, one that is stored by the provider", async () => {
    script = ({ json }) => streamAnswer(responsesStream(json["store"] === false ? "resp_mine" : "resp_theirs", "x"));
    const client = open();
    await client.opened;
    for (const [store, input] of [
      [false, "a"],
      [true, "b"],
    ] as const) {
      const before = client.events.length;
      client.send(create({ store, input }));
      await client.event("response.completed", before);
    }
    for (const [previous, wanted] of [
      ["resp_mine", undefined],
      ["resp_theirs", "resp_theirs"],
    ] as const) {
      const before = client.events.length;
      client.send(create({ previous_response_id: previous, input: "next" }));
      await client.event("response.completed", before);
      expect(upstream.requests.at(-1)?.json["previous_response_id"]).toBe(wanted as never);
    }
    expect(upstream.requests.at(-2)?.json["input"]).toMatchObject([
      { role: "user", content: "a" },
      { type: "message", role: "assistant" },
      { role: "user", content: "next" },
    ]);
    client.socket.close();
    await written.take(4);
  });

  test("a turn that only warms up keeps its input", async () => {
    script = () => streamAnswer(responsesStream("resp_1", "x"));
    const client = open();
    await client.opened;
    client.send(create({ generate: false, input: "context" }));
    const { response } = (await client.event("response.completed")) as { response: { id: string } };
    const before = client.events.length;
    client.send(create({ previous_response_id: response.id, input: "question" }));
    await client.event("response.completed", before);
    expect(upstream.requests.at(-1)?.json["input"]).toMatchObject([{ content: "context" }, { content: "question" }]);
    client.socket.close();
    await written.take(1);
  });

  test("lanes run at once, each in its order, and their events say whose they are", async () => {
    script = ({ json }) =>
      streamAnswer(responsesStream(`resp_${String(json["input"])}`, "x"), json["input"] === "a1" ? 40 : 1);
    const client = open();
    await client.opened;
    for (const [lane, input] of [
      ["a", "a1"],
      ["a", "a2"],
      ["b", "b1"],
    ] as const)
      client.send(create({ stream_id: lane, input }));
    await until(() => client.events.filter(({ type }) => type === "response.completed").length === 3, "three answers");
    const ends = client.events
      .filter(({ type }) => type === "response.completed")
      .map(({ stream_id: lane, response }) => [lane, (response as { id: string }).id]);
    expect(ends).toEqual([
      ["b", "resp_b1"],
      ["a", "resp_a1"],
      ["a", "resp_a2"],
    ]);
    expect(upstream.requests.at(-1)?.json["stream_id"]).toBeUndefined();
    client.socket.close();
    await written.take(3);
  });

  test("faults: before content an error event, within it the dialect's own; a client that leaves lets the provider go", async () => {
    script = () => jsonAnswer({ error: { message: "no", type: "server_error" } }, 500);
    const client = open();
    await client.opened;
    client.send(create({}));
    expect(await client.event("error")).toMatchObject({ status: 502 });
    script = () => [...streamAnswer(responsesStream("resp_1", "x")).slice(0, 5), { cut: "rst" }];
    client.send(create({}));
    await client.event("response.failed").catch(() => client.event("error", 1));
    script = () => [...streamAnswer(responsesStream("resp_1", "x")).slice(0, 5), { stall: true }];
    const before = client.events.length;
    client.send(create({}));
    await client.event("response.output_text.delta", before);
    const abandoned = upstream.abandoned;
    (client.socket as WebSocket & { terminate(): void }).terminate();
    await until(() => upstream.abandoned > abandoned, "the provider is let go");
    expect((await written.take(3)).map(({ outcome }) => outcome)).toEqual([
      "upstream_failed",
      "upstream_truncated",
      "client_aborted",
    ]);
  });

  test("a slow reader holds up the provider, not the memory", async () => {
    const delta = {
      type: "response.output_text.delta",
      item_id: "msg_1",
      output_index: 0,
      content_index: 0,
      delta: "x".repeat(60_000),
    };
    const flood = Array.from({ length: 1000 }, () => `event: ${delta.type}\ndata: ${JSON.stringify(delta)}\n\n`);
    script = () => {
      const events = responsesStream("resp_1", "x");
      return streamAnswer([...events.slice(0, 3), ...flood, ...events.slice(3)]);
    };
    const client = open();
    await client.opened;
    const socket = client.socket as WebSocket & { pause(): void; resume(): void };
    client.send(create({}));
    await client.event("response.created");
    socket.pause();
    let unread = -1;
    await until(() => {
      const isStill = upstream.unread() === unread && unread > 0;
      unread = upstream.unread();
      return isStill;
    }, "the provider cannot write any more");
    socket.resume();
    await client.event("response.completed");
    expect(client.events.length).toBe(1008);
    client.socket.close();
    await written.take(1);
  });

  test("the handshake needs a key", async () => {
    const client = connect(`${gateway.url}/v1/responses`);
    expect(await client.opened.catch((error: Error) => error.message)).toContain("401");
    expect(await written.take(1)).toMatchObject([{ error_code: "unauthenticated" }]);
  });
});
