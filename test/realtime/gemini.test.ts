import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { GoogleGenAI, Modality, type LiveServerMessage } from "@google/genai";
import type { MockSocket } from "../mock-upstream/socket-server.ts";
import { connect, until } from "./client.ts";
import { LIVE_PATH } from "./openai-scene.ts";
import { KEY, SECRET, startScene, type Scene } from "./scene.ts";

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.stop());
beforeEach(() => {
  scene.play = speakLive;
  scene.refuse = () => null;
});

/** Answers as the Live API does: JSON in binary frames. */
function speakLive(socket: MockSocket): void {
  const say = (message: object): void => socket.binary(Buffer.from(JSON.stringify(message)));
  socket.onMessage = (message) => {
    const { setup, clientContent } = JSON.parse(message.toString()) as Record<string, unknown>;
    if (setup !== undefined) say({ setupComplete: {} });
    if (clientContent === undefined) return;
    say({ serverContent: { modelTurn: { parts: [{ text: "Hel" }] } } });
    say({ serverContent: { modelTurn: { parts: [{ text: "lo" }] } } });
    say({
      serverContent: { turnComplete: true },
      usageMetadata: {
        promptTokenCount: 30,
        responseTokenCount: 12,
        totalTokenCount: 42,
        promptTokensDetails: [{ modality: "TEXT", tokenCount: 30 }],
        responseTokensDetails: [{ modality: "AUDIO", tokenCount: 12 }],
      },
    });
  };
}

describe("Gemini Live", () => {
  test.each(["", "/", "/genai"])("Google's SDK with the base URL's path %p", async (path) => {
    const ai = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: scene.gateway.url + path } });
    const messages: LiveServerMessage[] = [];
    const done = Promise.withResolvers<void>();
    const session = await ai.live.connect({
      model: "gemini/gemini-2.5-flash-native-audio",
      config: { responseModalities: [Modality.AUDIO] },
      callbacks: {
        onmessage(message) {
          messages.push(message);
          if (message.serverContent?.turnComplete === true) done.resolve();
        },
        onerror: (event) => done.reject(new Error(event.message)),
        onclose: (event) => done.reject(new Error(event.reason)),
      },
    });
    session.sendClientContent({ turns: "Hi", turnComplete: true });
    await done.promise;
    expect(messages.map(({ text }) => text ?? "").join("")).toBe("Hello");
    session.close();
    const upstream = scene.upstream.sockets.at(-1);
    expect(upstream?.path).toBe(LIVE_PATH);
    expect(upstream?.headers["x-goog-api-key"]).toBe(SECRET);
    expect(JSON.parse(String(upstream?.messages[0]))).toMatchObject({
      setup: { model: "models/gemini-2.5-flash-native-audio", generationConfig: { responseModalities: ["AUDIO"] } },
    });
    expect(await scene.written.one()).toMatchObject({
      operation: "realtime",
      dialect: "gemini",
      outcome: "success",
      provider: "gemini",
      requested_model: "gemini/gemini-2.5-flash-native-audio",
      input_tokens: 30,
      output_tokens: 12,
    });
  });

  test("the later version of the API goes to the provider's", async () => {
    const client = connect(`${scene.gateway.url}${LIVE_PATH.replace("v1beta", "v1alpha")}?key=${KEY}`);
    await client.opened;
    client.send({ setup: { model: "models/gemini/live-x" } });
    client.send({ clientContent: {} });
    await client.event("usageMetadata");
    expect(scene.upstream.sockets.at(-1)?.path).toBe(LIVE_PATH.replace("v1beta", "v1alpha"));
    expect(scene.upstream.sockets.at(-1)?.messages).toHaveLength(2);
    client.socket.close();
    await scene.written.one();
  });

  test("refusals: at the handshake for the key, by a close frame for all that the first message says", async () => {
    const wrong = connect(`${scene.gateway.url}${LIVE_PATH}?key=sk-tl-wrong`);
    expect(await wrong.opened.catch((error: Error) => error.message)).toContain("401");
    expect(await scene.written.one()).toMatchObject({ error_code: "unauthenticated" });
    const attempts: [unknown, number, string][] = [
      [{ setup: {} }, 1007, "invalid_request"],
      ["not json", 1007, "invalid_json"],
      [{ setup: { model: "models/plain/claude" } }, 1008, "unsupported_operation"],
      [{ setup: { model: "models/nobody/x" } }, 1008, "model_not_found"],
    ];
    for (const [first, code, error] of attempts) {
      const client = connect(`${scene.gateway.url}${LIVE_PATH}?key=${KEY}`);
      await client.opened;
      client.send(first);
      expect(await client.closed).toMatchObject({ code });
      expect(await scene.written.one()).toMatchObject({ error_code: error });
    }
    const mute = connect(`${scene.gateway.url}${LIVE_PATH}?key=${KEY}`);
    await mute.opened;
    mute.socket.close();
    expect(await scene.written.one()).toMatchObject({ outcome: "client_aborted" });
  });

  test("a provider that refuses, or goes away", async () => {
    scene.refuse = () => "HTTP/1.1 403 X\r\ncontent-length: 2\r\n\r\n{}";
    const refused = connect(`${scene.gateway.url}${LIVE_PATH}?key=${KEY}`);
    await refused.opened;
    refused.send({ setup: { model: "models/gemini/live-x" } });
    expect(await refused.closed).toMatchObject({ code: 1014 });
    expect(await scene.written.one()).toMatchObject({ error_code: "upstream_auth" });
    scene.refuse = () => null;
    scene.play = (socket) => {
      socket.onMessage = () => socket.close(1008, "not today");
    };
    const closed = connect(`${scene.gateway.url}${LIVE_PATH}?key=${KEY}`);
    await closed.opened;
    closed.send({ setup: { model: "models/gemini/live-x" } });
    expect(await closed.closed).toMatchObject({ code: 1008, reason: "not today" });
    expect(await scene.written.one()).toMatchObject({ outcome: "upstream_failed" });
    await until(() => scene.upstream.sockets.at(-1)?.closed !== null, "the provider is let go");
  });
});
