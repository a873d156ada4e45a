import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import { OpenAIRealtimeWebSocket } from "openai/realtime/websocket";
import type { RealtimeServerEvent } from "openai/resources/realtime/realtime";
import type { TestClient } from "./client.ts";
import { answerTurns, MODEL, startGeminiScene, type GeminiScene } from "./gemini-scene.ts";
import { DONE, LIVE_USAGE, SOUND, speakLive, spoken, tell, toldTo, written } from "./live-provider.ts";
import { KEY, SECRET } from "./scene.ts";

let scene: GeminiScene;

beforeAll(async () => {
  scene = await startGeminiScene();
});
afterAll(() => scene.stop());
beforeEach(() => {
  scene.play = answerTurns;
});

const types = (client: TestClient): unknown[] => client.events.map(({ type }) => type);
const say = (text: string) => ({
  type: "conversation.item.create",
  item: { type: "message", role: "user", content: [{ type: "input_text", text }] },
});

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
    expect(scene.socket()?.headers["x-goog-api-key"]).toBe(SECRET);
    expect(toldTo(scene.socket())).toEqual([
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
    expect(await scene.written.one()).toMatchObject({
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
    const client = scene.open();
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
    expect(toldTo(scene.socket())[0]).toMatchObject({ setup: { generationConfig: { responseModalities: ["TEXT"] } } });
    expect(toldTo(scene.socket())[0]).not.toHaveProperty("setup.outputAudioTranscription");
    const ids = client.events.map(({ event_id: id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    await scene.recordOf(client);
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
    const client = scene.open();
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
    expect(toldTo(scene.socket())[1]).toEqual({
      realtimeInput: { audio: { mimeType: "audio/pcm;rate=24000", data: audio } },
    });
    expect(await scene.recordOf(client)).toMatchObject({
      outcome: "success",
      input_tokens: 30,
      warnings: [{ code: "changed_field", field: "session.audio.input.transcription.model" }],
    });
  });

  test("turns that the client ends itself, and sound as telephones have it", async () => {
    const client = scene.open();
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
    const [setup, ...rest] = toldTo(scene.socket());
    expect(setup).toMatchObject({ setup: { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } } });
    expect(rest).toEqual([
      { realtimeInput: { activityStart: {} } },
      { realtimeInput: { audio: { mimeType: "audio/pcm;rate=8000", data: Buffer.alloc(1600).toString("base64") } } },
      { realtimeInput: { activityEnd: {} } },
    ]);
    expect(types(client)).toContain("input_audio_buffer.committed");
    await scene.recordOf(client);
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
    const client = scene.open();
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
    expect(toldTo(scene.socket()).at(-1)).toEqual({
      toolResponse: { functionResponses: [{ id: "a", name: "get_a", response: { rain: true } }] },
    });
    const record = await scene.recordOf(client);
    expect(record).toMatchObject({ input_tokens: 60, output_tokens: 24 });
    expect(record.warnings).toMatchObject([{ code: "dropped_content" }]);
  });

  test("an answer that the client cancels is over for it, and the next one is whole", async () => {
    let count = 0;
    scene.play = (socket) =>
      speakLive(socket, () => {
        count += 1;
        if (count === 1) tell(socket, written("one"));
        else tell(socket, written("still one"), { serverContent: { interrupted: true } }, DONE, written("two"), DONE);
      });
    const client = scene.open();
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
    await scene.recordOf(client);
  });

  test("later models take what the user gives as it would come live", async () => {
    scene.play = (socket) =>
      speakLive(socket, ({ realtimeInput }) => {
        if ((realtimeInput as { text?: string } | undefined)?.text !== undefined) tell(socket, ...spoken("A cat"));
      });
    const client = scene.open("?model=gemini/gemini-3.1-flash-live-preview");
    await client.event("session.created");
    const content = [
      { type: "input_text", text: "What is it?" },
      { type: "input_image", image_url: "data:image/png;base64,AAAA" },
    ];
    client.send({ type: "conversation.item.create", item: { type: "message", role: "user", content } });
    client.send({ type: "response.create" });
    await client.event("response.done");
    expect(toldTo(scene.socket()).slice(1)).toEqual([
      { realtimeInput: { video: { mimeType: "image/png", data: "AAAA" } } },
      { realtimeInput: { text: "What is it?" } },
    ]);
    await scene.recordOf(client);
  });
});
