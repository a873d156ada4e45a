import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { GoogleGenAI, Modality, type FunctionCall, type LiveServerMessage } from "@google/genai";
import type { RequestRecord } from "../../src/canonical/record.ts";
import type { MockSocket } from "../mock-upstream/socket-server.ts";
import { connect, until, type TestClient } from "./client.ts";
import { toldTo } from "./live-provider.ts";
import { answerEvents, speakRealtime, USAGE } from "./openai-provider.ts";
import { KEY, OTHER_KEY, SECRET, startScene, type Scene } from "./scene.ts";

let scene: Scene;
let seen = 0;

beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.stop());
beforeEach(() => {
  scene.play = (socket) => speakRealtime(socket);
  scene.refuse = () => null;
});

const PATH = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
const SETUP = { setup: { model: "models/openai/gpt-realtime" } };
const upstream = (): MockSocket | undefined => scene.upstream.sockets.at(-1);
const open = (key = KEY): TestClient => connect(`${scene.gateway.url}${PATH}?key=${key}`);

async function ready(setup: object = SETUP, key = KEY): Promise<TestClient> {
  const client = open(key);
  await client.opened;
  client.send(setup);
  await client.event("setupComplete");
  return client;
}

async function nextRecord(): Promise<RequestRecord> {
  const records = await scene.gateway.records(seen + 1);
  const added = records.length - seen;
  seen = records.length;
  expect(added).toBe(1);
  return records.at(-1) as RequestRecord;
}

async function recordOf(client: TestClient): Promise<RequestRecord> {
  client.socket.close();
  await client.closed;
  return nextRecord();
}

const contents = (client: TestClient): unknown[] =>
  client.events.map(({ serverContent }) => serverContent).filter(Boolean);
const turnOver = (client: TestClient): Promise<void> =>
  until(
    () => client.events.some(({ serverContent: it }) => (it as { turnComplete?: boolean })?.turnComplete === true),
    "the turn ends",
  );

const callEvents = (calls: [id: string, name: string][]): object[] => [
  { type: "response.created", response: { id: "resp_1", status: "in_progress", output: [] } },
  ...calls.map(([id, name]) => ({
    type: "response.output_item.done",
    item: { type: "function_call", call_id: id, name, arguments: '{"x":1}', status: "completed" },
  })),
  { type: "response.done", response: { status: "completed", output: [], usage: USAGE } },
];

describe("a client of Gemini Live at OpenAI Realtime", () => {
  test("Google's SDK: configuration, an answer in writing and sound, usage, a call and its result", async () => {
    scene.play = (socket) =>
      speakRealtime(socket, (it, count) => {
        for (const event of count === 1 ? callEvents([["call_1", "f"]]) : answerEvents("Hello there")) it.text(event);
      });
    const ai = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: scene.gateway.url } });
    const messages: LiveServerMessage[] = [];
    const calls = Promise.withResolvers<FunctionCall[]>();
    const done = Promise.withResolvers<void>();
    const session = await ai.live.connect({
      model: "openai/gpt-realtime",
      config: {
        responseModalities: [Modality.AUDIO],
        systemInstruction: "Be brief.",
        maxOutputTokens: 100,
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: "marin" } } },
        tools: [{ functionDeclarations: [{ name: "f", parametersJsonSchema: { type: "object", properties: {} } }] }],
        realtimeInputConfig: { automaticActivityDetection: { silenceDurationMs: 400, prefixPaddingMs: 200 } },
        inputAudioTranscription: {},
        outputAudioTranscription: {},
      },
      callbacks: {
        onmessage(message) {
          messages.push(message);
          if (message.toolCall?.functionCalls !== undefined) calls.resolve(message.toolCall.functionCalls);
          if (message.serverContent?.turnComplete === true) done.resolve();
        },
        onerror: (event) => done.reject(new Error(event.message)),
        onclose: (event) => done.reject(new Error(event.reason)),
      },
    });
    session.sendClientContent({ turns: "Hi", turnComplete: true });
    const [call] = await calls.promise;
    expect(call).toEqual({ id: "call_1", name: "f", args: { x: 1 } });
    expect(messages.some(({ serverContent }) => serverContent?.turnComplete)).toBe(false);
    session.sendToolResponse({ functionResponses: [{ id: "call_1", name: "f", response: { output: "rain" } }] });
    await done.promise;
    session.close();
    expect(messages.map(({ text }) => text ?? "").join("")).toBe("Hello there");
    expect(messages.map(({ data }) => data ?? "").join("")).toBe("A".repeat(6400));
    expect(messages.at(-1)).toMatchObject({
      serverContent: { turnComplete: true },
      usageMetadata: {
        promptTokenCount: 100,
        responseTokenCount: 50,
        totalTokenCount: 150,
        responseTokensDetails: [
          { modality: "TEXT", tokenCount: 10 },
          { modality: "AUDIO", tokenCount: 40 },
        ],
      },
    });
    expect(upstream()?.path).toBe("/v1/realtime?model=gpt-realtime");
    expect(upstream()?.headers["authorization"]).toBe(`Bearer ${SECRET}`);
    const format = { type: "audio/pcm", rate: 24000 };
    expect(toldTo(upstream())).toEqual([
      {
        type: "session.update",
        session: {
          type: "realtime",
          instructions: "Be brief.",
          output_modalities: ["audio"],
          max_output_tokens: 100,
          tools: [{ type: "function", name: "f", parameters: { type: "object", properties: {} } }],
          audio: {
            input: {
              format,
              turn_detection: {
                type: "server_vad",
                prefix_padding_ms: 200,
                silence_duration_ms: 400,
                create_response: true,
                interrupt_response: true,
              },
              transcription: { model: "gpt-4o-mini-transcribe" },
            },
            output: { format, voice: "marin" },
          },
        },
      },
      {
        type: "conversation.item.create",
        item: { type: "message", role: "user", content: [{ type: "input_text", text: "Hi" }] },
      },
      { type: "response.create" },
      { type: "conversation.item.create", item: { type: "function_call_output", call_id: "call_1", output: "rain" } },
      { type: "response.create" },
    ]);
    expect(await nextRecord()).toMatchObject({
      operation: "realtime",
      dialect: "gemini",
      provider: "openai",
      outcome: "success",
      input_tokens: 200,
      output_tokens: 100,
      cost_nano_usd: 8_896_000,
      warnings: [],
    });
  });

  test("sound of another rate is brought to the provider's; the end of the microphone is silence", async () => {
    const client = await ready();
    const chunk = { mimeType: "audio/pcm;rate=16000", data: Buffer.alloc(3200).toString("base64") };
    for (let at = 0; at < 10; at += 1) client.send({ realtimeInput: { audio: chunk } });
    client.send({ realtime_input: { media_chunks: [{ mime_type: "audio/pcm", data: chunk.data }] } });
    client.send({ realtimeInput: { audioStreamEnd: true } });
    await until(() => (upstream()?.messages.length ?? 0) === 13, "the sound arrives");
    const bytes = toldTo(upstream())
      .slice(1)
      .map(({ type, audio }) =>
        type === "input_audio_buffer.append" ? Buffer.from(audio as string, "base64").length : -1,
      );
    const [silence = 0] = bytes.splice(-1);
    expect(silence).toBe(800 * 48);
    const sum = bytes.reduce((one, other) => one + other, 0);
    expect(sum).toBeGreaterThan(11 * 4800 - 100);
    expect(sum).toBeLessThanOrEqual(11 * 4800);
    await recordOf(client);
  });

  test("turns that the client ends itself; speech breaks off the answer under way, and the next one waits for that", async () => {
    let count = 0;
    scene.play = (socket) => {
      speakRealtime(socket, (it) => {
        count += 1;
        for (const event of answerEvents("Well").slice(0, count === 1 ? 3 : 6)) it.text(event);
      });
      const before = socket.onMessage;
      socket.onMessage = (message) => {
        if (message.toString().includes("response.cancel")) {
          const details = { type: "cancelled", reason: "client_cancelled" };
          socket.text({
            type: "response.done",
            response: { status: "cancelled", status_details: details, usage: USAGE },
          });
        }
        before(message);
      };
    };
    const setup = { ...SETUP.setup, realtimeInputConfig: { automaticActivityDetection: { disabled: true } } };
    const client = await ready({ setup });
    const speak = (): void => {
      client.send({ realtimeInput: { activityStart: {} } });
      client.send({ realtimeInput: { audio: { mimeType: "audio/pcm;rate=24000", data: "AAAA" } } });
      client.send({ realtimeInput: { activityEnd: {} } });
    };
    speak();
    await until(() => contents(client).length === 1, "the answer begins");
    speak();
    await until(
      () => contents(client).filter((it) => (it as { turnComplete?: boolean }).turnComplete).length === 2,
      "both end",
    );
    expect(contents(client).slice(1, 3)).toEqual([{ interrupted: true }, { turnComplete: true }]);
    const [session, ...rest] = toldTo(upstream());
    expect(session).toMatchObject({ session: { audio: { input: { turn_detection: null } } } });
    const turn = ["input_audio_buffer.append", "input_audio_buffer.commit"];
    expect(rest.map(({ type }) => type)).toEqual([
      ...turn,
      "response.create",
      "response.cancel",
      ...turn,
      "response.create",
    ]);
    expect(await recordOf(client)).toMatchObject({ input_tokens: 200, outcome: "success" });
  });

  test("what the provider hears: transcripts, and the user who interrupts", async () => {
    scene.play = (socket) => {
      speakRealtime(socket);
      const before = socket.onMessage;
      socket.onMessage = (message) => {
        before(message);
        if (!message.toString().includes("append")) return;
        const at = { item_id: "item_u", content_index: 0 };
        for (const event of [
          { type: "input_audio_buffer.speech_started", item_id: "item_u", audio_start_ms: 0 },
          { type: "conversation.item.input_audio_transcription.delta", ...at, delta: "Tell " },
          {
            type: "conversation.item.input_audio_transcription.completed",
            ...at,
            transcript: "Tell me",
            usage: { type: "tokens", input_tokens: 8, output_tokens: 2, total_tokens: 10 },
          },
          ...answerEvents("Well").slice(0, 2),
          { type: "response.output_audio_transcript.delta", delta: "Well" },
          {
            type: "response.done",
            response: { status: "cancelled", status_details: { reason: "turn_detected" }, usage: USAGE },
          },
          { type: "conversation.item.input_audio_transcription.completed", item_id: "item_v", transcript: "Stop" },
        ])
          socket.text(event);
      };
    };
    const setup = {
      ...SETUP.setup,
      inputAudioTranscription: { languageCodes: ["de-DE"] },
      outputAudioTranscription: {},
    };
    const client = await ready({ setup });
    client.send({ realtimeInput: { audio: { mimeType: "audio/pcm;rate=24000", data: "AAAA" } } });
    await until(() => contents(client).length === 6, "all is told");
    expect(contents(client)).toEqual([
      { inputTranscription: { text: "Tell " } },
      { inputTranscription: { text: "", finished: true } },
      { outputTranscription: { text: "Well" } },
      { interrupted: true },
      { turnComplete: true },
      { inputTranscription: { text: "Stop", finished: true } },
    ]);
    expect(toldTo(upstream())[0]).toMatchObject({
      session: { audio: { input: { transcription: { model: "gpt-4o-mini-transcribe", language: "de" } } } },
    });
    expect(await recordOf(client)).toMatchObject({ input_tokens: 108 });
  });

  test("a key that may use no model that transcribes gets no transcripts, and a warning", async () => {
    const client = await ready({ setup: { ...SETUP.setup, inputAudioTranscription: {} } }, OTHER_KEY);
    expect(JSON.stringify(toldTo(upstream())[0])).not.toContain("transcri");
    const { warnings } = await recordOf(client);
    expect(warnings).toMatchObject([{ field: "inputTranscript" }]);
  });

  test("history, images, several calls, and what the provider has no word for", async () => {
    scene.play = (socket) =>
      speakRealtime(socket, (it, count) => {
        const calls: [string, string][] = [
          ["a", "f"],
          ["b", "g"],
        ];
        for (const event of count === 1 ? callEvents(calls) : answerEvents("Hello there")) it.text(event);
      });
    const client = await ready({
      setup: {
        ...SETUP.setup,
        generationConfig: { responseModalities: ["TEXT"], topK: 4, speechConfig: { languageCode: "en-US" } },
        tools: [{ googleSearch: {} }, { functionDeclarations: [{ name: "f", behavior: "NON_BLOCKING" }] }],
        inputAudioTranscription: { languageCodes: ["en-US", "de-DE"] },
        sessionResumption: {},
        contextWindowCompression: {},
      },
    });
    const turns = [
      { role: "user", parts: [{ text: "one" }, { inlineData: { mimeType: "image/png", data: "AAAA" } }] },
      { role: "model", parts: [{ text: "two" }, { functionCall: { id: "z", name: "f", args: { y: 1 } } }] },
      { role: "user", parts: [{ functionResponse: { id: "z", name: "f", response: { a: 1, b: 2 } } }] },
    ];
    client.send({ clientContent: { turns, turnComplete: true } });
    await until(() => client.events.filter(({ toolCall }) => toolCall !== undefined).length === 2, "both calls");
    client.send({ toolResponse: { functionResponses: [{ name: "g", response: { output: "x" } }] } });
    client.send({ toolResponse: { functionResponses: [{ id: "a", response: { output: "y" } }] } });
    await turnOver(client);
    const items = toldTo(upstream()).slice(1);
    expect(items.map(({ item, type }) => item ?? type)).toEqual([
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_text", text: "one" },
          { type: "input_image", image_url: "data:image/png;base64,AAAA" },
        ],
      },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "two" }] },
      { type: "function_call", call_id: "z", name: "f", arguments: '{"y":1}' },
      { type: "function_call_output", call_id: "z", output: '{"a":1,"b":2}' },
      "response.create",
      { type: "function_call_output", call_id: "b", output: "x" },
      { type: "function_call_output", call_id: "a", output: "y" },
      "response.create",
    ]);
    const { warnings } = await recordOf(client);
    expect(warnings.map(({ field }) => field).toSorted()).toEqual([
      "setup.contextWindowCompression",
      "setup.generationConfig.speechConfig.languageCode",
      "setup.generationConfig.topK",
      "setup.inputAudioTranscription.languageCodes",
      "setup.sessionResumption",
      "setup.tools",
      "setup.tools.functionDeclarations.behavior",
    ]);
  });

  test("a budget counts each answer, and what is left is given back", async () => {
    const limited = await startScene({ budgets: [{ limit_usd: 0.5, period: "1d" }] });
    limited.play = (socket) =>
      speakRealtime(socket, (it) => {
        const usage = { input_tokens: 100, output_tokens: 4000, output_token_details: { audio_tokens: 4000 } };
        for (const event of answerEvents("Hello there", usage)) it.text(event);
      });
    const client = connect(`${limited.gateway.url}${PATH}?key=${KEY}`);
    await client.opened;
    client.send(SETUP);
    await client.event("setupComplete");
    client.send({ clientContent: { turns: [{ parts: [{ text: "Hi" }] }], turnComplete: true } });
    expect(await client.closed).toMatchObject({ code: 1008 });
    const [record] = await limited.gateway.records(1);
    expect(record).toMatchObject({ outcome: "budget_exceeded", charges: [{ amount: 256_400_000 }] });
    await limited.stop();
  });
});

describe("faults", () => {
  const first: [string, unknown, number, string][] = [
    ["no set-up first", { clientContent: {} }, 1007, "invalid_request"],
    ["a set-up without a model", { setup: {} }, 1007, "invalid_request"],
  ];
  test.each(first)("%s", async (_, message, code, error) => {
    const client = open();
    await client.opened;
    client.send(message);
    expect(await client.closed).toMatchObject({ code });
    expect(await nextRecord()).toMatchObject({ error_code: error });
  });

  const later: [string, unknown, number, string][] = [
    ["a second set-up", SETUP, 1007, "invalid_request"],
    ["another model", { setup: { model: "models/other" } }, 1007, "invalid_request"],
    ["text that is no JSON", "nonsense", 1007, "invalid_json"],
    [
      "an odd rate",
      { realtimeInput: { audio: { mimeType: "audio/pcm;rate=23999", data: "AAAA" } } },
      1007,
      "invalid_request",
    ],
    ["a result of no call", { toolResponse: { functionResponses: [{ response: {} }] } }, 1007, "invalid_request"],
  ];
  test.each(later)("%s", async (_, message, code, error) => {
    const client = await ready();
    client.send(message);
    expect(await client.closed).toMatchObject({ code });
    expect(await nextRecord()).toMatchObject({ error_code: error });
    await until(() => upstream()?.closed !== null, "the provider is let go");
  });

  test("a configuration that the provider refuses ends the session before it begins", async () => {
    scene.play = (socket) => {
      socket.onMessage = () =>
        socket.text({ type: "error", error: { type: "invalid_request_error", code: "bad", message: "no such voice" } });
    };
    const client = open();
    await client.opened;
    client.send(SETUP);
    const { code, reason } = await client.closed;
    expect(code).toBe(1008);
    expect(reason).toContain("no such voice");
    expect(await nextRecord()).toMatchObject({ error_code: "upstream_invalid_request" });
  });

  test("an answer that fails, and an error that changes nothing", async () => {
    scene.play = (socket) =>
      speakRealtime(socket, (it) => {
        for (const event of answerEvents("Hi").slice(0, 3)) it.text(event);
        it.text({
          type: "error",
          error: { type: "invalid_request_error", code: "response_cancel_not_active", message: "none" },
        });
        it.text({ type: "error", error: { type: "invalid_request_error", code: "other", message: "odd" } });
        const error = { type: "server_error", code: "rate_limit_exceeded" };
        it.text({ type: "response.done", response: { status: "failed", status_details: { type: "failed", error } } });
      });
    const client = await ready();
    client.send({ clientContent: { turnComplete: true } });
    expect(await client.closed).toMatchObject({ code: 1014 });
    const record = await nextRecord();
    expect(record).toMatchObject({ error_code: "upstream_error" });
    expect(record.warnings.map(({ message }) => message)).toContain("odd");
  });

  const cuts = answerEvents("Hello there").map((event, at) => [(event as { type: string }).type, at] as const);
  test.each(cuts)("cut after %s", async (_, at) => {
    scene.play = (socket) =>
      speakRealtime(socket, (it) => {
        for (const event of answerEvents("Hello there").slice(0, at + 1)) it.text(event);
        it.cut(at % 2 === 0 ? "fin" : "rst");
      });
    const client = await ready();
    client.send({ clientContent: { turns: [{ parts: [{ text: "Hi" }] }], turnComplete: true } });
    expect(await client.closed).toMatchObject({ code: 1014 });
    const record = await nextRecord();
    expect(record).toMatchObject({ outcome: "upstream_truncated", status: 101 });
    if (at === 5) expect(record).toMatchObject({ input_tokens: 100, output_tokens: 50, warnings: [] });
  });

  test("silence ends at the idle timeout; a client that leaves lets the provider go", async () => {
    scene.play = () => {};
    const mute = open();
    await mute.opened;
    mute.send(SETUP);
    expect(await mute.closed).toMatchObject({ code: 1001 });
    expect(await nextRecord()).toMatchObject({ error_code: "deadline_exceeded" });
    scene.play = (socket) => speakRealtime(socket, (it) => it.text(answerEvents("Hi")[0] ?? {}));
    const client = await ready();
    (client.socket as WebSocket & { terminate(): void }).terminate();
    await until(() => upstream()?.closed !== null, "the provider is let go");
    expect(await nextRecord()).toMatchObject({ outcome: "client_aborted" });
  });
});
