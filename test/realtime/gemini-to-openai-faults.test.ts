import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { until } from "./client.ts";
import { answerEvents, speakRealtime } from "./openai-provider.ts";
import { SETUP, startOpenAiScene, type OpenAiScene } from "./openai-scene.ts";

let scene: OpenAiScene;

beforeAll(async () => {
  scene = await startOpenAiScene();
});
afterAll(() => scene.stop());
beforeEach(() => {
  scene.play = (socket) => speakRealtime(socket);
});

describe("faults", () => {
  const first: [string, unknown, number, string][] = [
    ["no set-up first", { clientContent: {} }, 1007, "invalid_request"],
    ["a set-up without a model", { setup: {} }, 1007, "invalid_request"],
  ];
  test.each(first)("%s", async (_, message, code, error) => {
    const client = scene.open();
    await client.opened;
    client.send(message);
    expect(await client.closed).toMatchObject({ code });
    expect(await scene.written.one()).toMatchObject({ error_code: error });
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
    const client = await scene.ready();
    client.send(message);
    expect(await client.closed).toMatchObject({ code });
    expect(await scene.written.one()).toMatchObject({ error_code: error });
    await until(() => scene.socket()?.closed !== null, "the provider is let go");
  });

  test("a configuration that the provider refuses ends the session before it begins", async () => {
    scene.play = (socket) => {
      socket.onMessage = () =>
        socket.text({ type: "error", error: { type: "invalid_request_error", code: "bad", message: "no such voice" } });
    };
    const client = scene.open();
    await client.opened;
    client.send(SETUP);
    const { code, reason } = await client.closed;
    expect(code).toBe(1008);
    expect(reason).toContain("no such voice");
    expect(await scene.written.one()).toMatchObject({ error_code: "upstream_invalid_request" });
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
    const client = await scene.ready();
    client.send({ clientContent: { turnComplete: true } });
    expect(await client.closed).toMatchObject({ code: 1014 });
    const record = await scene.written.one();
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
    const client = await scene.ready();
    client.send({ clientContent: { turns: [{ parts: [{ text: "Hi" }] }], turnComplete: true } });
    expect(await client.closed).toMatchObject({ code: 1014 });
    const record = await scene.written.one();
    expect(record).toMatchObject({ outcome: "upstream_truncated", status: 101 });
    if (at === 5) expect(record).toMatchObject({ input_tokens: 100, output_tokens: 50, warnings: [] });
  });

  test("silence ends at the idle timeout; a client that leaves lets the provider go", async () => {
    scene.play = () => {};
    const mute = scene.open();
    await mute.opened;
    mute.send(SETUP);
    expect(await mute.closed).toMatchObject({ code: 1001 });
    expect(await scene.written.one()).toMatchObject({ error_code: "deadline_exceeded" });
    scene.play = (socket) => speakRealtime(socket, (it) => it.text(answerEvents("Hi")[0] ?? {}));
    const client = await scene.ready();
    (client.socket as WebSocket & { terminate(): void }).terminate();
    await until(() => scene.socket()?.closed !== null, "the provider is let go");
    expect(await scene.written.one()).toMatchObject({ outcome: "client_aborted" });
  });
});
