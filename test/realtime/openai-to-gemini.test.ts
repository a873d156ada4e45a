import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import { OpenAIRealtimeWebSocket } from "openai/realtime/websocket";
import type { RealtimeServerEvent } from "openai/resources/realtime/realtime";
import type { RequestRecord } from "../../src/canonical/record.ts";
import { connect, until, type TestClient } from "./client.ts";
import { DONE, LIVE_USAGE, SOUND, speakLive, spoken, tell, toldTo, written } from "./live-provider.ts";
import { KEY, SECRET, startScene, type Scene } from "./scene.ts";

let scene: Scene;
let seen = 0;

beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.stop());
beforeEach(() => {
  scene.refuse = () => null;
  scene.play = (socket) =>
    speakLive(socket, ({ clientContent, realtimeInput }) => {
      if ((clientContent as { turnComplete?: boolean } | undefined)?.turnComplete === true)
        tell(socket, ...spoken("Hello there"));
      if ((realtimeInput as { activityEnd?: object } | undefined)?.activityEnd !== undefined)
        tell(socket, ...spoken("I heard you"));
    });
});

const MODEL = "gemini/gemini-2.5-flash-native-audio";
const options = { headers: { authorization: `Bearer ${KEY}` } };
const open = (query = `?model=${MODEL}`): TestClient => connect(`${scene.gateway.url}/v1/realtime${query}`, options);
const types = (client: TestClient): unknown[] => client.events.map(({ type }) => type);
const say = (text: string) => ({
  type: "conversation.item.create",
  item: { type: "message", role: "user", content: [{ type: "input_text", text }] },
});
const upstream = () => scene.upstream.sockets.at(-1);

async function nextRecord(): Promise<RequestRecord> {
  const records = await scene.gateway.records(seen + 1);
  const added = records.length - seen;
  seen = records.length;
  expect(added).toBe(1);
  return records.at(-1) as RequestRecord;
}

/** Ends a session; there must be one record of it. */
async function recordOf(client: TestClient): Promise<RequestRecord> {
  client.socket.close();
  await client.closed;
  return nextRecord();
}

describe("a client of OpenAI Realtime at Gemini Live", () => {
  test("the vendor's SDK: configuration, a spoken answer with its transcript, usage", async () => {
    const sdk = new OpenAI({ apiKey: KEY, baseURL: `${scene.gateway.url}/v1` });
    const realtime = new OpenAIRealtimeWebSocket({ model: MODEL, onURL: (url) => void (url.protocol = "ws") }, sdk);
    const events: RealtimeServerEvent[] = [];
    const done = Promise.withResolvers<void>();
    realtime.on("event", (event) => events.push(event));
    realtime.on("error", (error) => done.reject(error));
    realtime.on("response.done", () => done.resolve());
    realtime.on("session.created", () => {
      realtime.send({
        type: "session.update",
        session: {
          type: "realtime",
          instructions: "Be brief.",
          max_output_tokens: 100,
          audio: {
            input: {
              turn_detection: { type: "server_vad", prefix_padding_ms: 200, silence_duration_ms: 400 },
              transcription: { language: "en" },
            },
            output: { voice: "Puck" },
          },
          tools: [{ type: "function", name: "f", parameters: { type: "object", properties: {} } }],
        },
      });
    });
    realtime.on("session.updated", () => {
      realtime.send(say("Hi") as never);
      realtime.send({ type: "response.create" });
    });
    await done.promise;
    realtime.close();
    expect(upstream()?.headers["x-goog-api-key"]).toBe(SECRET);
    expect(toldTo(upstream())).toEqual([
      {
        setup: {
          model: "models/gemini-2.5-flash-native-audio",
          generationConfig: {
            responseModalities: ["AUDIO"],
            maxOutputTokens: 100,
            speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: "Puck" } } },
          },
          systemInstruction: { parts: [{ text: "Be brief." }] },
          tools: [{ functionDeclarations: [{ name: "f", parametersJsonSchema: { type: "object", properties: {} } }] }],
          realtimeInputConfig: { automaticActivityDetection: { prefixPaddingMs: 200, silenceDurationMs: 400 } },
          inputAudioTranscription: { languageCodes: ["en"] },
          outputAudioTranscription: {},
        },
      },
      { clientContent: { turns: [{ role: "user", parts: [{ text: "Hi" }] }], turnComplete: true } },
    ]);
    expect(events.map(({ type }) => type)).toEqual([
      "session.created",
      "session.updated",
      "conversation.item.added",
      "conversation.item.done",
      "response.created",
      "response.output_item.added",
      "conversation.item.added",
      "response.content_part.added",
      "response.output_audio.delta",
      "response.output_audio_transcript.delta",
      "response.output_audio.done",
      "response.output_audio_transcript.done",
      "response.content_part.done",
      "conversation.item.done",
      "response.output_item.done",
      "response.done",
    ]);
    expect(events.find(({ type }) => type === "response.output_audio.delta")).toMatchObject({ delta: SOUND });
    expect(events.at(-1)).toMatchObject({
      response: {
        status: "completed",
        output: [{ role: "assistant", content: [{ type: "output_audio", transcript: "Hello there" }] }],
        usage: {
          total_tokens: 42,
          input_token_details: { text_tokens: 10, audio_tokens: 20 },
          output_token_details: { text_tokens: 0, audio_tokens: 12 },
        },
      },
    });
    expect(await nextRecord()).toMatchObject({
      operation: "realtime",
      dialect: "openai",
      provider: "gemini",
      outcome: "success",
      input_tokens: 30,
      output_tokens: 12,
      warnings: [],
    });
  });

  test("answers in writing, where the session is to be so; ids are the events' own", async () => {
    scene.play = (socket) => speakLive(socket, () => tell(socket, written("Hel"), written("lo"), DONE));
    const client = open();
    await client.event("session.created");
    client.send({ type: "session.update", session: { type: "realtime", output_modalities: ["text"] } });
    client.send({ type: "response.create", response: { metadata: { a: "b" } } });
    const done = await client.event("response.done");
    expect(done).toMatchObject({
      response: {
        output_modalities: ["text"],
        metadata: { a: "b" },
        output: [{ content: [{ type: "output_text", text: "Hello" }] }],
      },
    });
    expect(toldTo(upstream())[0]).toMatchObject({ setup: { generationConfig: { responseModalities: ["TEXT"] } } });
    expect(toldTo(upstream())[0]).not.toHaveProperty("setup.outputAudioTranscription");
    const ids = client.events.map(({ event_id: id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    await recordOf(client);
  });

  test("speech that the provider detects: its turn, transcript, and an interruption", async () => {
    let chunks = 0;
    scene.play = (socket) =>
      speakLive(socket, () => {
        chunks += 1;
        if (chunks === 2)
          tell(socket, { serverContent: { inputTranscription: { text: "Tell me" } } }, spoken("Well")[0] ?? {});
        if (chunks === 3) tell(socket, { serverContent: { interrupted: true } }, DONE);
      });
    const client = open();
    await client.event("session.created");
    client.send({
      type: "session.update",
      session: { type: "realtime", audio: { input: { transcription: { model: "whisper-1" } } } },
    });
    const audio = Buffer.alloc(4800).toString("base64");
    client.send({ type: "input_audio_buffer.append", audio });
    client.send({ type: "input_audio_buffer.append", audio });
    await client.event("response.output_audio.delta");
    client.send({ type: "input_audio_buffer.append", audio });
    const done = await client.event("response.done");
    expect(done).toMatchObject({ response: { status: "cancelled", status_details: { reason: "turn_detected" } } });
    expect(types(client).slice(2)).toEqual([
      "input_audio_buffer.speech_started",
      "conversation.item.input_audio_transcription.delta",
      "input_audio_buffer.speech_stopped",
      "input_audio_buffer.committed",
      "conversation.item.added",
      "conversation.item.done",
      "response.created",
      "response.output_item.added",
      "conversation.item.added",
      "response.content_part.added",
      "response.output_audio.delta",
      "conversation.item.input_audio_transcription.completed",
      "input_audio_buffer.speech_started",
      "response.output_audio.done",
      "response.output_audio_transcript.done",
      "response.content_part.done",
      "conversation.item.done",
      "response.output_item.done",
      "response.done",
    ]);
    expect(toldTo(upstream())[1]).toEqual({
      realtimeInput: { audio: { mimeType: "audio/pcm;rate=24000", data: audio } },
    });
    expect(await recordOf(client)).toMatchObject({
      outcome: "success",
      input_tokens: 30,
      warnings: [{ code: "changed_field", field: "session.audio.input.transcription.model" }],
    });
  });

  test("turns that the client ends itself, and sound as telephones have it", async () => {
    const client = open();
    await client.event("session.created");
    client.send({
      type: "session.update",
      session: {
        type: "realtime",
        audio: {
          input: { turn_detection: null, format: { type: "audio/pcmu" } },
          output: { format: { type: "audio/pcmu" } },
        },
      },
    });
    client.send({ type: "input_audio_buffer.append", audio: Buffer.alloc(800, 255).toString("base64") });
    client.send({ type: "input_audio_buffer.commit" });
    client.send({ type: "response.create" });
    const delta = await client.event("response.output_audio.delta");
    expect(Buffer.from(delta["delta"] as string, "base64").length).toBeLessThanOrEqual(800);
    await client.event("response.done");
    const deltas = client.events.filter(({ type }) => type === "response.output_audio.delta");
    expect(deltas.reduce((sum, { delta: text }) => sum + Buffer.from(text as string, "base64").length, 0)).toBe(800);
    const [setup, ...rest] = toldTo(upstream());
    expect(setup).toMatchObject({ setup: { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } } });
    expect(rest).toEqual([
      { realtimeInput: { activityStart: {} } },
      { realtimeInput: { audio: { mimeType: "audio/pcm;rate=8000", data: Buffer.alloc(1600).toString("base64") } } },
      { realtimeInput: { activityEnd: {} } },
    ]);
    expect(types(client)).toContain("input_audio_buffer.committed");
    await recordOf(client);
  });

  test("calls, their results, and one that the model takes back", async () => {
    scene.play = (socket) =>
      speakLive(socket, ({ clientContent, toolResponse }) => {
        if (clientContent !== undefined) {
          const functionCalls = ["a", "b"].map((id) => ({ id, name: `get_${id}`, args: { x: id } }));
          tell(
            socket,
            { toolCall: { functionCalls }, usageMetadata: LIVE_USAGE },
            { toolCallCancellation: { ids: ["b"] } },
          );
        }
        if (toolResponse !== undefined) tell(socket, ...spoken("It rains"));
      });
    const client = open();
    await client.event("session.created");
    client.send(say("Weather?"));
    client.send({ type: "response.create" });
    const first = await client.event("response.done");
    expect(first).toMatchObject({
      response: {
        status: "completed",
        usage: { total_tokens: 42 },
        output: [
          { type: "function_call", call_id: "a", name: "get_a", arguments: '{"x":"a"}' },
          { type: "function_call", call_id: "b" },
        ],
      },
    });
    expect(client.events.filter(({ type }) => type === "response.function_call_arguments.done")).toMatchObject([
      { call_id: "a", name: "get_a", arguments: '{"x":"a"}' },
      { call_id: "b" },
    ]);
    const from = client.events.length;
    for (const id of ["a", "b"])
      client.send({
        type: "conversation.item.create",
        item: { type: "function_call_output", call_id: id, output: '{"rain":true}' },
      });
    client.send({ type: "response.create" });
    await client.event("response.done", from);
    expect(toldTo(upstream()).at(-1)).toEqual({
      toolResponse: { functionResponses: [{ id: "a", name: "get_a", response: { rain: true } }] },
    });
    const record = await recordOf(client);
    expect(record).toMatchObject({ input_tokens: 60, output_tokens: 24 });
    expect(record.warnings).toMatchObject([{ code: "dropped_content" }]);
  });

  test("what cannot be said: events of the client's own protocol, and warnings", async () => {
    const client = open();
    await client.event("session.created");
    const refused: [object, string][] = [
      [{ type: "nonsense", event_id: "mine" }, "invalid_request"],
      [{ type: "session.update", session: { type: "transcription" } }, "unsupported_operation"],
      [{ type: "session.update", session: { model: "other" } }, "invalid_request"],
      [{ type: "input_audio_buffer.append", audio: 7 }, "invalid_request"],
      [{ type: "input_audio_buffer.commit" }, "invalid_request"],
      [{ type: "conversation.item.delete", item_id: "x" }, "unsupported_operation"],
      [{ type: "conversation.item.create", item: { type: "mcp_call" } }, "invalid_request"],
      [{ type: "response.create", response: { conversation: "none" } }, "unsupported_operation"],
      [{ type: "response.cancel" }, "invalid_request"],
    ];
    for (const [event, code] of refused) {
      const from = client.events.length;
      client.send(event);
      expect(await client.event("error", from)).toMatchObject({ error: { code } });
    }
    expect(client.events.find(({ type }) => type === "error")).toMatchObject({ error: { event_id: "mine" } });
    client.send({
      type: "session.update",
      session: {
        type: "realtime",
        voice: "alloy",
        tool_choice: "required",
        tracing: "auto",
        audio: {
          input: { transcription: { model: "whisper-1", language: "en", prompt: "names" } },
          output: { speed: 1.2 },
        },
      },
    });
    client.send({
      type: "response.create",
      response: { instructions: "shout", metadata: { a: "b" }, temperature: 0.7, output_modalities: ["text"] },
    });
    await client.event("response.done");
    expect(toldTo(upstream())[1]).toEqual({
      clientContent: { turns: [{ role: "user", parts: [{ text: "shout" }] }], turnComplete: true },
    });
    const from = client.events.length;
    client.send({ type: "session.update", session: { type: "realtime", instructions: "too late" } });
    expect(await client.event("error", from)).toMatchObject({
      error: { code: "unsupported_operation", param: "session" },
    });
    client.send({ type: "conversation.item.truncate", item_id: "i", content_index: 0, audio_end_ms: 5 });
    await client.event("conversation.item.truncated", from);
    const { warnings } = await recordOf(client);
    expect(warnings.map(({ field }) => field).toSorted()).toEqual([
      "conversation.item.truncate",
      "item.role",
      "response.instructions",
      "response.output_modalities",
      "response.temperature",
      "session",
      "session.audio.input.transcription.model",
      "session.audio.input.transcription.prompt",
      "session.audio.output.speed",
      "session.tracing",
      "tool_choice",
      "voice",
    ]);
  });

  test("an answer that the client cancels is over for it, and the next one is whole", async () => {
    let count = 0;
    scene.play = (socket) =>
      speakLive(socket, () => {
        count += 1;
        if (count === 1) tell(socket, written("one"));
        else tell(socket, written("still one"), { serverContent: { interrupted: true } }, DONE, written("two"), DONE);
      });
    const client = open();
    await client.event("session.created");
    client.send({ type: "response.create" });
    await client.event("response.output_text.delta");
    client.send({ type: "response.cancel" });
    expect(await client.event("response.done")).toMatchObject({
      response: { status: "cancelled", status_details: { reason: "client_cancelled" } },
    });
    const from = client.events.length;
    client.send({ type: "response.create" });
    expect(await client.event("response.done", from)).toMatchObject({
      response: { status: "completed", output: [{ content: [{ text: "two" }] }] },
    });
    await recordOf(client);
  });

  test("later models take what the user gives as it would come live", async () => {
    scene.play = (socket) =>
      speakLive(socket, ({ realtimeInput }) => {
        if ((realtimeInput as { text?: string } | undefined)?.text !== undefined) tell(socket, ...spoken("A cat"));
      });
    const client = open("?model=gemini/gemini-3.1-flash-live-preview");
    await client.event("session.created");
    const content = [
      { type: "input_text", text: "What is it?" },
      { type: "input_image", image_url: "data:image/png;base64,AAAA" },
    ];
    client.send({ type: "conversation.item.create", item: { type: "message", role: "user", content } });
    client.send({ type: "response.create" });
    await client.event("response.done");
    expect(toldTo(upstream()).slice(1)).toEqual([
      { realtimeInput: { video: { mimeType: "image/png", data: "AAAA" } } },
      { realtimeInput: { text: "What is it?" } },
    ]);
    await recordOf(client);
  });

  test("transcription sessions are refused at the handshake", async () => {
    const before = scene.upstream.handshakes;
    const client = open(`?model=${MODEL}&intent=transcription`);
    expect(await client.opened.catch((error: Error) => error.message)).toContain("Expected 101");
    expect(await nextRecord()).toMatchObject({ error_code: "unsupported_operation" });
    expect(scene.upstream.handshakes).toBe(before);
  });
});

describe("faults of the provider", () => {
  const faults: [string, (socket: NonNullable<ReturnType<typeof upstream>>) => void, string, number][] = [
    ["cut within a turn", (socket) => socket.cut("rst"), "upstream_truncated", 1014],
    ["text that is no JSON", (socket) => socket.text("{garbage"), "provider_protocol_error", 1014],
    ["a list", (socket) => socket.text([1]), "provider_protocol_error", 1014],
    ["no frame at all", (socket) => socket.raw("HTTP/1.1 200 OK\r\n\r\n"), "upstream_truncated", 1014],
    [
      "a message beyond all limits",
      (socket) => socket.raw(Buffer.from([0x81, 127, 0, 0, 1, 0, 0, 0, 0, 0])),
      "upstream_truncated",
      1014,
    ],
    ["a refusal in a close frame", (socket) => socket.close(1007, "bad setup"), "upstream_error", 1014],
  ];
  test.each(faults)("%s", async (_, act, code, close) => {
    scene.play = (socket) =>
      speakLive(socket, () => {
        tell(socket, spoken("Hello")[0] ?? {});
        act(socket);
      });
    const client = open();
    await client.event("session.created");
    client.send({ type: "response.create" });
    expect(await client.closed).toMatchObject({ code: close });
    expect(client.events.at(-1)).toMatchObject({ type: "error", error: { code } });
    const record = await nextRecord();
    expect(record).toMatchObject({ error_code: code, status: 101 });
    expect(record.warnings).toMatchObject([{ code: "estimated" }]);
  });

  test("messages of any shape are nothing, and the session goes on", async () => {
    const odd = [
      {},
      { serverContent: null },
      { serverContent: { modelTurn: { parts: "x" } } },
      { serverContent: { modelTurn: { parts: [null, 7, { inlineData: { mimeType: 5 } }, { executableCode: {} }] } } },
      { toolCall: { functionCalls: [null, {}] } },
      { toolCallCancellation: { ids: [1, null] } },
      { usageMetadata: "many" },
      { goAway: {} },
      { sessionResumptionUpdate: { newHandle: "h" } },
      { setupComplete: {} },
    ];
    scene.play = (socket) => speakLive(socket, () => tell(socket, ...odd, ...spoken("fine")));
    const client = open();
    await client.event("session.created");
    client.send({ type: "response.create" });
    await client.event("response.output_audio_transcript.done");
    await recordOf(client);
  });

  test("a provider that never confirms the set-up: the client is held up, not the memory; silence ends it", async () => {
    scene.play = () => {};
    const client = open();
    await client.event("session.created");
    const audio = "A".repeat(64 * 1024);
    for (let at = 0; at < 400; at += 1) client.send({ type: "input_audio_buffer.append", audio });
    let left = -1;
    await until(() => {
      const now = client.socket.bufferedAmount;
      const isStill = now === left && now > 0;
      left = now;
      return isStill;
    }, "the client cannot write any more");
    expect(left).toBeGreaterThan(10 * 1024 * 1024);
    expect(upstream()?.messages).toHaveLength(1);
    const { code } = await client.closed;
    expect([1001, 1006]).toContain(code);
    expect(await nextRecord()).toMatchObject({ error_code: "deadline_exceeded" });
  });
});
