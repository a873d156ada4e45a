import { expect, test } from "bun:test";
import type { Json } from "../../canonical/json.ts";
import type { TaskWireAnswer } from "../../canonical/task.ts";
import type { TranscriptionRequest } from "../../canonical/tasks/transcription.ts";
import { transcription } from "./transcription.ts";

const request: TranscriptionRequest = {
  model: "universal-3-pro",
  stream: false,
  audio: { type: "bytes", data: Buffer.from("x"), filename: "x.mp3" },
  format: "diarized_json",
  extensions: {},
  warnings: [],
};

function answer(json: Json): TaskWireAnswer {
  return { contentType: "application/json", bytes: new Uint8Array(), json: () => json };
}

const next = (json: Json) => transcription.followUp?.(answer(json), request, "/v2/upload");

test("an upload is followed by a job, a job that is not done by a look at it", () => {
  expect(next({ upload_url: "https://cdn/x" })).toEqual({
    path: "/v2/transcript",
    body: {
      json: {
        audio_url: "https://cdn/x",
        speech_models: ["universal-3-pro"],
        language_detection: true,
        speaker_labels: true,
      },
    },
    headers: {},
    afterMs: 0,
  });
  const look = { method: "GET", path: "/v2/transcript/t%2F1", body: null, headers: {}, afterMs: 3000 };
  expect(next({ id: "t/1", status: "queued" })).toEqual(look as never);
  expect(next({ id: "t/1", status: "processing" })).toEqual(look as never);
});

test("nothing follows a job that is done, has failed, or is none", () => {
  for (const json of [{ id: "t1", status: "completed" }, { id: "t1", status: "error" }, { status: "queued" }, null, []])
    expect(next(json)).toBeNull();
});
