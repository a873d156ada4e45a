import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { GoogleGenAI, Modality, type FunctionCall, type LiveServerMessage } from "@google/genai";
import { until, type TestClient } from "./client.ts";
import { toldTo } from "./live-provider.ts";
import { answerEvents, callEvents, speakRealtime, USAGE } from "./openai-provider.ts";
import { SETUP, startOpenAiScene, type OpenAiScene } from "./openai-scene.ts";
import { KEY, OTHER_KEY, SECRET } from "./scene.ts";

let scene: OpenAiScene;

beforeAll(async () => {
  scene = await startOpenAiScene();
});
afterAll(() => scene.stop());
beforeEach(() => {
  scene.play = (socket) => speakRealtime(socket);
});

const contents = (client: TestClient): unknown[] =>
  client.events.map(({ serverContent }) => serverContent).filter(Boolean);
const turnOver = (client: TestClient): Promise<void> =>
  until(
    () => client.events.some(({ serverContent: it }) => (it as { turnComplete?: boolean })?.turnComplete === true),
    "the turn ends",
  );

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
    expect(scene.socket()?.path).toBe("/v1/realtime?model=gpt-realtime");
    expect(scene.socket()?.headers["authorization"]).toBe(`Bearer ${SECRET}`);
    const format = { type: "audio/pcm", rate: 24000 };
    expect(toldTo(scene.socket())).toEqual([
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
    expect(await scene.written.one()).toMatchObject({
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
    const client = await scene.ready();
    const chunk = { mimeType: "audio/pcm;rate=16000", data: Buffer.alloc(3200).toString("base64") };
    for (let at = 0; at < 10; at += 1) client.send({ realtimeInput: { audio: chunk } });
    client.send({ realtime_input: { media_chunks: [{ mime_type: "audio/pcm", data: chunk.data }] } });
    client.send({ realtimeInput: { audioStreamEnd: true } });
    await until(() => (scene.socket()?.messages.length ?? 0) === 13, "the sound arrives");
    const bytes = toldTo(scene.socket())
      .slice(1)
      .map(({ type, audio }) =>
        type === "input_audio_buffer.append" ? Buffer.from(audio as string, "base64").length : -1,
      );
    const [silence = 0] = bytes.splice(-1);
    expect(silence).toBe(800 * 48);
    const sum = bytes.reduce((one, other) => one + other, 0);
    expect(sum).toBeGreaterThan(11 * 4800 - 100);
    expect(sum).toBeLessThanOrEqual(11 * 4800);
    await scene.recordOf(client);
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
    const client = await scene.ready({ setup });
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
    const [session, ...rest] = toldTo(scene.socket());
    expect(session).toMatchObject({ session: { audio: { input: { turn_detection: null } } } });
    const turn = ["input_audio_buffer.append", "input_audio_buffer.commit"];
    expect(rest.map(({ type }) => type)).toEqual([
      ...turn,
      "response.create",
      "response.cancel",
      ...turn,
      "response.create",
    ]);
    expect(await scene.recordOf(client)).toMatchObject({ input_tokens: 200, outcome: "success" });
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
    const client = await scene.ready({ setup });
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
    expect(toldTo(scene.socket())[0]).toMatchObject({
      session: { audio: { input: { transcription: { model: "gpt-4o-mini-transcribe", language: "de" } } } },
    });
    expect(await scene.recordOf(client)).toMatchObject({ input_tokens: 108 });
  });

  test("a key that may use no model that transcribes gets no transcripts, and a warning", async () => {
    const client = await scene.ready({ setup: { ...SETUP.setup, inputAudioTranscription: {} } }, OTHER_KEY);
    expect(JSON.stringify(toldTo(scene.socket())[0])).not.toContain("transcri");
    const { warnings } = await scene.recordOf(client);
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
    const client = await scene.ready({
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
    const items = toldTo(scene.socket()).slice(1);
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
    const { warnings } = await scene.recordOf(client);
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
    const limited = await startOpenAiScene({ budgets: [{ limit_usd: 0.5, period: "1d" }] });
    limited.play = (socket) =>
      speakRealtime(socket, (it) => {
        const usage = { input_tokens: 100, output_tokens: 4000, output_token_details: { audio_tokens: 4000 } };
        for (const event of answerEvents("Hello there", usage)) it.text(event);
      });
    const client = await limited.ready();
    client.send({ clientContent: { turns: [{ parts: [{ text: "Hi" }] }], turnComplete: true } });
    expect(await client.closed).toMatchObject({ code: 1008 });
    const [record] = await limited.gateway.records(1);
    expect(record).toMatchObject({ outcome: "budget_exceeded", charges: [{ amount: 256_400_000 }] });
    await limited.stop();
  });
});
