import { given } from "../../../canonical/given.ts";
import type { MediaInput } from "../../../canonical/tasks/media-input.ts";
import type { TaskWire } from "../../../canonical/task.ts";
import { invalidField, TaskFields } from "../../../canonical/task-fields.ts";
import {
  TRANSCRIPT_FORMATS,
  type TranscriptFormat,
  type TranscriptionRequest,
} from "../../../canonical/tasks/transcription.ts";

const GRANULARITIES = ["word", "segment"] as const;

/** Reads a form of a transcription: https://platform.openai.com/docs/api-reference/audio/createTranscription */
export function decodeTranscription(wire: TaskWire): TranscriptionRequest {
  return decode(wire, TRANSCRIPT_FORMATS);
}

const TRANSLATION_FORMATS = ["json", "text", "srt", "verbose_json", "vtt"] as const;

/** Reads a form of a translation: https://platform.openai.com/docs/api-reference/audio/createTranslation */
export function decodeTranslation(wire: TaskWire): TranscriptionRequest {
  return { ...decode(wire, TRANSLATION_FORMATS), stream: false };
}

function decode(wire: TaskWire, formats: readonly TranscriptFormat[]): TranscriptionRequest {
  const fields = new TaskFields(wire);
  const request: TranscriptionRequest = {
    model: fields.text("model", true),
    stream: fields.flag("stream"),
    audio: audioOf(fields),
    format: fields.oneOf("response_format", formats) ?? "json",
    extensions: {},
    warnings: [],
    ...given({
      language: fields.text("language"),
      prompt: fields.text("prompt"),
      temperature: fields.number("temperature", 0),
    }),
  };
  const granularities = fields.texts("timestamp_granularities").map(granularityOf);
  if (granularities.length > 0) request.granularities = granularities;
  request.extensions = { openai: fields.rest() };
  return request;
}

/** `file`, or `url` of hosts that fetch it themselves (Groq: https://console.groq.com/docs/speech-to-text). */
function audioOf(fields: TaskFields): MediaInput {
  const file = fields.file("file");
  if (file !== undefined) return file;
  const url = fields.text("url");
  if (url === undefined) return fields.file("file", true);
  return { type: "url", url };
}

function granularityOf(text: string, at: number): "word" | "segment" {
  const found = GRANULARITIES.find((each) => each === text);
  if (found === undefined) throw invalidField(`timestamp_granularities[${at}]`, "`word` or `segment`");
  return found;
}
