import { expect, test } from "bun:test";
import type { TranscriptionRequest } from "../../../canonical/tasks/transcription.ts";
import { wavOf } from "../../../lib/wav.ts";
import { transcription } from "./index.ts";

const request: TranscriptionRequest = {
  model: "m",
  stream: true,
  audio: { type: "bytes", data: wavOf(Buffer.alloc(96_000), 24_000, 16, 1), filename: "x.wav" },
  format: "json",
  extensions: {},
  warnings: [],
};

const read = (data: unknown) =>
  transcription.createEventReader?.(request).read({ event: "", data: JSON.stringify(data) });

test("OpenAI's events, and Mistral's", () => {
  expect(read({ type: "transcript.text.delta", delta: "x" })).toEqual({ type: "content" });
  expect(read({ type: "transcription.text.delta", text: "x" })).toEqual({ type: "content" });
  expect(read({ type: "transcription.language", audio_language: "en" })).toEqual({ type: "other" });
  const usage = { prompt_audio_seconds: 2, prompt_tokens: 1, completion_tokens: 3, total_tokens: 4 };
  expect(read({ type: "transcription.done", text: "x", usage })).toMatchObject({
    type: "end",
    usage: { inputTokens: 1, outputTokens: 3, units: { audio_seconds: 2 } },
  });
});

test("an end without usage counts the recording's own duration", () => {
  const end = { type: "end", usage: { units: { audio_seconds: 2 } } };
  for (const usage of [undefined, null, {}, { input_tokens: "many" }, { type: "duration", seconds: -1 }])
    expect(read({ type: "transcript.text.done", text: "x", usage })).toMatchObject(end);
});
