import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { MockSocket } from "../mock-upstream/socket-server.ts";
import { heldUp } from "./client.ts";
import { answerTurns, MODEL, startGeminiScene, type GeminiScene } from "./gemini-scene.ts";
import { speakLive, spoken, tell, toldTo } from "./live-provider.ts";

let scene: GeminiScene;

beforeAll(async () => {
  scene = await startGeminiScene();
});
afterAll(() => scene.stop());
beforeEach(() => {
  scene.play = answerTurns;
});

describe("a client of OpenAI Realtime at Gemini Live", () => {
  test("what cannot be said: events of the client's own protocol, and warnings", async () => {
    const client = scene.open();
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
    expect(toldTo(scene.socket())[1]).toEqual({
      clientContent: { turns: [{ role: "user", parts: [{ text: "shout" }] }], turnComplete: true },
    });
    const from = client.events.length;
    client.send({ type: "session.update", session: { type: "realtime", instructions: "too late" } });
    expect(await client.event("error", from)).toMatchObject({
      error: { code: "unsupported_operation", param: "session" },
    });
    client.send({ type: "conversation.item.truncate", item_id: "i", content_index: 0, audio_end_ms: 5 });
    await client.event("conversation.item.truncated", from);
    const { warnings } = await scene.recordOf(client);
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

  test("transcription sessions are refused at the handshake", async () => {
    const before = scene.upstream.handshakes;
    const client = scene.open(`?model=${MODEL}&intent=transcription`);
    expect(await client.opened.catch((error: Error) => error.message)).toContain("Expected 101");
    expect(await scene.written.one()).toMatchObject({ error_code: "unsupported_operation" });
    expect(scene.upstream.handshakes).toBe(before);
  });
});

describe("faults of the provider", () => {
  const faults: [string, (socket: MockSocket) => void, string, number][] = [
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
    const client = scene.open();
    await client.event("session.created");
    client.send({ type: "response.create" });
    expect(await client.closed).toMatchObject({ code: close });
    expect(client.events.at(-1)).toMatchObject({ type: "error", error: { code } });
    const record = await scene.written.one();
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
    const client = scene.open();
    await client.event("session.created");
    client.send({ type: "response.create" });
    await client.event("response.output_audio_transcript.done");
    await scene.recordOf(client);
  });

  test("a provider that never confirms the set-up: the client is held up, not the memory; silence ends it", async () => {
    scene.play = () => {};
    const client = scene.open();
    await client.event("session.created");
    const audio = "A".repeat(64 * 1024);
    for (let at = 0; at < 400; at += 1) client.send({ type: "input_audio_buffer.append", audio });
    const left = await heldUp(client);
    expect(left).toBeGreaterThan(10 * 1024 * 1024);
    expect(scene.socket()?.messages).toHaveLength(1);
    const { code } = await client.closed;
    expect([1001, 1006]).toContain(code);
    expect(await scene.written.one()).toMatchObject({ error_code: "deadline_exceeded" });
  });
});
