import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import OpenAI, { AzureOpenAI } from "openai";
import { OpenAIRealtimeWebSocket } from "openai/realtime/websocket";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import { connect, until } from "./client.ts";
import { answerEvents, speakRealtime } from "./openai-provider.ts";
import { startTlsFront } from "./tls-front.ts";
import { KEY, OTHER_KEY, SECRET, startScene, type Scene } from "./scene.ts";

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.stop());
beforeEach(() => {
  scene.play = (socket) => speakRealtime(socket);
  scene.refuse = () => null;
});

const authorization = { headers: { authorization: `Bearer ${KEY}` } };

function url(query = "?model=openai/gpt-realtime", path = "/v1/realtime"): string {
  return `${scene.gateway.url}${path}${query}`;
}

function lastSocket() {
  const socket = scene.upstream.sockets.at(-1);
  if (socket === undefined) throw new Error("nobody connected");
  return socket;
}

describe("OpenAI Realtime", () => {
  test("events pass both ways as they are; model and credential are the provider's; one record with summed usage", async () => {
    const client = connect(url("?model=voice"), authorization);
    const created = await client.event("session.created");
    expect(created["session"]).toMatchObject({ model: "gpt-realtime" });
    client.send({
      type: "session.update",
      session: { type: "realtime", model: "voice", instructions: "Ünï\u{1f600}" },
    });
    await client.event("session.updated");
    const odd = '{ "type":"input_audio_buffer.append" ,"audio":"AAAA", "x":1.0}';
    client.send(odd);
    client.send({ type: "response.create" });
    await client.event("response.done");
    client.send({ type: "response.create" });
    await client.event("response.done", client.events.length);
    expect(client.events.filter(({ type }) => type === "response.done")).toHaveLength(2);
    expect(client.events.slice(2, 8)).toEqual(answerEvents("Hello there") as Record<string, unknown>[]);
    client.socket.close(1000, "bye");
    expect(await client.closed).toMatchObject({ code: 1000 });
    const upstream = lastSocket();
    expect(upstream.path).toBe("/v1/realtime?model=gpt-realtime");
    expect(upstream.headers["authorization"]).toBe(`Bearer ${SECRET}`);
    expect(JSON.stringify(upstream.headers)).not.toContain(KEY);
    expect(upstream.messages[1]).toBe(odd);
    expect(JSON.parse(String(upstream.messages[0]))).toEqual({
      type: "session.update",
      session: { type: "realtime", model: "gpt-realtime", instructions: "Ünï\u{1f600}" },
    });
    await until(() => upstream.closed === 1000, "the provider hears of the close");
    expect(await scene.written.one()).toMatchObject({
      operation: "realtime",
      dialect: "openai",
      outcome: "success",
      status: 101,
      requested_model: "voice",
      provider: "openai",
      model: "gpt-realtime",
      virtual_key: "one",
      input_tokens: 200,
      cached_input_tokens: 40,
      output_tokens: 100,
      cost_nano_usd: 8_896_000,
      attempts: [{ code: null }],
      warnings: [],
    });
  });

  test("two tenants at once: each sees its own session, and what its key may use", async () => {
    scene.play = (socket) => {
      speakRealtime(socket, (it, count) => {
        for (const event of answerEvents(`${it.path} ${it.messages.length} ${count}`)) it.text(event);
      });
    };
    const one = connect(url("?model=openai/gpt-realtime-mini"), authorization);
    const two = connect(url(), { headers: { "api-key": OTHER_KEY } });
    await Promise.all([one.event("session.created"), two.event("session.created")]);
    one.send({ type: "response.create" });
    two.send({ type: "response.create" });
    two.send({ type: "session.update", session: { input_audio_transcription: { model: "whisper-1" } } });
    expect(await two.event("error")).toMatchObject({ error: { code: "model_not_allowed" } });
    const [mine, theirs] = await Promise.all([
      one.event("response.output_text.done"),
      two.event("response.output_text.done"),
    ]);
    expect(mine["text"]).toBe("/v1/realtime?model=gpt-realtime-mini 1 1");
    expect(theirs["text"]).toBe("/v1/realtime?model=gpt-realtime 1 1");
    one.socket.close();
    two.socket.close();
    await Promise.all([one.closed, two.closed]);
    expect(new Set((await scene.written.take(2)).map(({ virtual_key: key }) => key))).toEqual(new Set(["one", "two"]));
  });

  test("a model outside of the grant, an unknown key and a provider without sessions are refused at the handshake", async () => {
    const attempts: [string, Record<string, string>, string][] = [
      [url("?model=openai/gpt-4o"), { authorization: `Bearer ${OTHER_KEY}` }, "model_not_allowed"],
      [url(), { authorization: "Bearer sk-tl-wrong" }, "unauthenticated"],
      [url(), {}, "unauthenticated"],
      [url("?model=plain/claude"), { authorization: `Bearer ${KEY}` }, "unsupported_operation"],
      [url(""), { authorization: `Bearer ${KEY}` }, "invalid_request"],
      [url("?call_id=rtc_1"), { authorization: `Bearer ${KEY}` }, "unsupported_operation"],
    ];
    const before = scene.upstream.handshakes;
    for (const [target, headers, code] of attempts) {
      const client = connect(target, { headers });
      expect(await client.opened.catch((error: Error) => error.message)).toContain("Expected 101");
      expect(await scene.written.one()).toMatchObject({ operation: "realtime", error_code: code });
    }
    expect(scene.upstream.handshakes).toBe(before);
  });

  test("a request without an upgrade is told so", async () => {
    const response = await fetch(url(), { headers: authorization.headers });
    expect(response.status).toBe(426);
    expect(await response.json()).toMatchObject({ error: { code: "invalid_request" } });
    await scene.written.one();
  });

  test("the session's model cannot be changed, and what is no JSON object is not passed on", async () => {
    const client = connect(url(), authorization);
    await client.event("session.created");
    client.send({ type: "session.update", session: { model: "gpt-4o" } });
    expect(await client.event("error")).toMatchObject({ error: { code: "invalid_request", param: "model" } });
    client.send('{"type":"session.update","session":{"m\\u006fdel":"gpt-4o"}}');
    client.send("not json");
    await until(() => client.events.filter(({ type }) => type === "error").length === 3, "three errors");
    client.send('{"type":"session.update","session":{"model":"gpt-4o"},"session":{"instructions":"x"}}');
    client.send({ type: "response.create" });
    await client.event("response.done");
    expect(lastSocket().messages.join("\n")).not.toContain('gpt-4o"}}');
    client.socket.close();
    await client.closed;
    expect(await scene.written.one()).toMatchObject({ outcome: "success" });
  });

  test("OpenAI's SDK: WebSocket of the runtime, key in the subprotocol, which is not given back", async () => {
    const sdk = new OpenAI({ apiKey: KEY, baseURL: `${scene.gateway.url}/v1` });
    const realtime = new OpenAIRealtimeWebSocket(
      { model: "openai/gpt-realtime", onURL: (target) => void (target.protocol = "ws") },
      sdk,
    );
    const text = Promise.withResolvers<string>();
    realtime.on("session.created", () => realtime.send({ type: "response.create" }));
    realtime.on("response.output_text.done", (event) => text.resolve(event.text));
    realtime.on("error", (error) => text.reject(error));
    expect(await text.promise).toBe("Hello there");
    expect(realtime.socket.protocol).toBe("realtime");
    realtime.close();
    expect(await scene.written.one()).toMatchObject({ virtual_key: "one" });
  });

  test("OpenAI's SDK over `ws`, and for Azure, behind TLS", async () => {
    const front = await startTlsFront(scene.gateway.url);
    const model = "openai/gpt-realtime";
    const plain = new OpenAI({ apiKey: KEY, baseURL: `${front.url}/openai` });
    const azure = new AzureOpenAI({ apiKey: KEY, baseURL: `${front.url}/openai`, apiVersion: "2025-04-01-preview" });
    const options = { rejectUnauthorized: false };
    const makers = [
      () => OpenAIRealtimeWS.create(plain, { model, options }),
      () => OpenAIRealtimeWS.azure(azure, { deploymentName: model, options }),
    ];
    for (const make of makers) {
      const realtime = await make();
      const text = Promise.withResolvers<string>();
      realtime.on("session.created", () => realtime.send({ type: "response.create" }));
      realtime.on("response.output_text.done", (event) => text.resolve(event.text));
      realtime.on("error", (error) => text.reject(error));
      expect(await text.promise).toBe("Hello there");
      realtime.close();
    }
    expect(scene.upstream.sockets.slice(-2).map(({ path }) => path)).toEqual([
      "/v1/realtime?model=gpt-realtime",
      "/v1/realtime?model=gpt-realtime",
    ]);
    expect(await scene.written.take(2)).toMatchObject([{ virtual_key: "one" }, { virtual_key: "one" }]);
    front.stop();
  });

  test("a key in the query, and no subprotocol but that with the key", async () => {
    const client = connect(url(`?model=openai/gpt-realtime&api-key=${KEY}`));
    await client.event("session.created");
    expect(lastSocket().path).not.toContain("key");
    client.socket.close();
    await scene.written.one();
    const only = connect(url(), { protocols: [`openai-insecure-api-key.${KEY}`] });
    expect(await only.opened.catch((error: Error) => error.message)).toContain("101");
    await scene.written.one();
  });
});

describe("client secrets", () => {
  const post = (path: string, body: object, key = KEY) =>
    fetch(`${scene.gateway.url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  test("stand for their virtual key for a while, and bring the session's configuration", async () => {
    const sdk = new OpenAI({ apiKey: KEY, baseURL: `${scene.gateway.url}/v1` });
    const session = { type: "realtime", model: "openai/gpt-realtime", instructions: "Be brief." } as const;
    const made = await sdk.realtime.clientSecrets.create({
      session,
      expires_after: { anchor: "created_at", seconds: 60 },
    });
    expect(made.value).toStartWith("ek_tl_");
    expect(made.value).not.toContain(KEY);
    expect(made.expires_at).toBeGreaterThan(Date.now() / 1000 + 50);
    for (let round = 0; round < 4; round += 1) {
      const client = connect(url(""), { protocols: ["realtime", `openai-insecure-api-key.${made.value}`] });
      await client.event("session.updated");
      expect(JSON.parse(String(lastSocket().messages[0]))).toMatchObject({
        session: { model: "gpt-realtime", instructions: "Be brief." },
      });
      client.socket.close();
      expect(await scene.written.one()).toMatchObject({ virtual_key: "one", outcome: "success" });
    }
  });

  test("are refused when they are tampered with, and serve nothing but sessions", async () => {
    const made = (await (await post("/v1/realtime/sessions", { model: "openai/gpt-realtime" })).json()) as {
      client_secret: { value: string };
    };
    const { value } = made.client_secret;
    const [payload = "", signature = ""] = value.split(".");
    const forged = Buffer.from(payload.slice(6), "base64url").toString("utf8").replace("one", "two");
    const wrong = `ek_tl_${Buffer.from(forged).toString("base64url")}.${signature}`;
    const client = connect(url(), { headers: { authorization: `Bearer ${wrong}` } });
    expect(await client.opened.catch((error: Error) => error.message)).toContain("401");
    expect(await scene.written.one()).toMatchObject({ error_code: "unauthenticated", virtual_key: null });
    const chat = await fetch(`${scene.gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${value}` },
      body: "{}",
    });
    expect(chat.status).toBe(401);
    await scene.written.one();
    expect((await post("/v1/realtime/client_secrets", {}, "sk-tl-wrong")).status).toBe(401);
    expect((await post("/v1/realtime/client_secrets", { expires_after: { seconds: 1 } })).status).toBe(400);
  });
});
