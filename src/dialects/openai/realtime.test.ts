import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../canonical/errors.ts";
import { realtime } from "./realtime.ts";

const path = (query: string): string =>
  realtime.path({ model: "gpt realtime", query: new URLSearchParams(query), version: null });

describe("OpenAI Realtime", () => {
  test("the path names the model, and keeps what else the query says", () => {
    expect(path("model=x&foo=1")).toBe("/realtime?foo=1&model=gpt+realtime");
    expect(path("deployment=x&api-version=2")).toBe("/realtime?model=gpt+realtime");
    expect(path("intent=transcription&model=x")).toBe("/realtime?intent=transcription");
  });

  test("the usage of an answer, every token once", () => {
    const usage = {
      input_tokens: 100,
      output_tokens: 50,
      input_token_details: { audio_tokens: 60, cached_tokens: 20, cached_tokens_details: { audio_tokens: 10 } },
      output_token_details: { audio_tokens: 40 },
    };
    const report = realtime.readServer(JSON.stringify({ type: "response.done", response: { usage } }));
    expect(report).toMatchObject({ isHelper: false, textTokens: 0, audioTokens: 0 });
    expect(report?.usage).toMatchObject({
      inputTokens: 100,
      cachedInputTokens: 20,
      audioInputTokens: 50,
      outputTokens: 50,
      audioOutputTokens: 40,
    });
  });

  test("transcription is a helper's, by tokens or by seconds", () => {
    const type = "conversation.item.input_audio_transcription.completed";
    const byTokens = realtime.readServer(
      JSON.stringify({ type, usage: { type: "tokens", input_tokens: 3, output_tokens: 4 } }),
    );
    expect(byTokens).toMatchObject({ isHelper: true, usage: { inputTokens: 3, outputTokens: 4 } });
    const bySeconds = realtime.readServer(JSON.stringify({ type, usage: { type: "duration", seconds: 12 } }));
    expect(bySeconds).toMatchObject({ isHelper: true, usage: { units: { audio_seconds: 12 } } });
    const short = realtime.readServer(JSON.stringify({ type, usage: { type: "duration", seconds: 0.4 } }));
    expect(short).toMatchObject({ isHelper: true, usage: { units: { audio_seconds: 0.4 } } });
  });

  test("pieces of the user's transcript are no output of the session's model", () => {
    const piece = '{"type":"conversation.item.input_audio_transcription.delta","delta":"What a long question this is"}';
    expect(realtime.readServer(piece)).toBeNull();
    expect(realtime.readServer(Buffer.from(piece))).toBeNull();
    const said = JSON.stringify({ type: "response.output_text.delta", delta: piece });
    expect(realtime.readServer(said)?.textTokens).toBeGreaterThan(0);
  });

  test("content is weighed, talk of usage is no usage, garbage is nothing", () => {
    expect(realtime.readServer('{"type":"response.output_text.delta","delta":"abc"}')).toMatchObject({
      usage: null,
      audioTokens: 0,
    });
    expect(realtime.readServer(`{"type":"response.output_audio.delta","delta":"${"A".repeat(6400)}"}`)).toMatchObject({
      textTokens: 0,
      audioTokens: 3,
    });
    for (const text of [
      "",
      "null",
      '{"usage":',
      '["usage"]',
      '{"usage":1,"type":"response.done"}',
      '{"type":"session.created"}',
    ]) {
      expect(realtime.readServer(text)?.usage ?? null).toBeNull();
    }
  });

  test("all places that name models", () => {
    const message = {
      type: "session.update",
      session: {
        model: "a",
        audio: { input: { transcription: { model: "b" } } },
        input_audio_transcription: { model: "c" },
      },
      response: { model: "d" },
    };
    expect(realtime.modelSlots(message).map(({ holder, key, role }) => [role, holder[key]])).toEqual([
      ["session", "a"],
      ["session", "d"],
      ["helper", "b"],
      ["helper", "c"],
    ]);
    for (const garbage of [{}, { session: null }, { session: [] }, { session: { audio: 1 } }, { response: "x" }]) {
      expect(realtime.modelSlots(garbage)).toEqual([]);
    }
  });

  test("errors are events of the API", () => {
    const error = new GatewayError("budget_exceeded", "no", { param: "x" });
    expect(JSON.parse(realtime.encodeError(error, "event_1") ?? "")).toEqual({
      type: "error",
      event_id: "event_1",
      error: { type: "invalid_request_error", code: "budget_exceeded", message: "no", param: "x", event_id: null },
    });
  });
});
