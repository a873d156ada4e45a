import type { TargetContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { mediaBytes } from "../../canonical/media-bytes.ts";
import type { EncodedTask, FormPart, TaskProviderSide, TaskWireAnswer } from "../../canonical/task.ts";
import type { TranscriptionAnswer, TranscriptionRequest, TranscriptWord } from "../../canonical/tasks/transcription.ts";
import { audioDuration } from "../../lib/audio-duration.ts";
import { unitUsage } from "../../canonical/usage.ts";
import { warnForeign, warnUnsupported } from "../../canonical/warn-unsupported.ts";

/** `POST /v1/speech-to-text`: https://elevenlabs.io/docs/api-reference/speech-to-text/convert */
export const transcription: TaskProviderSide<TranscriptionRequest, TranscriptionAnswer> = {
  encodeRequest,
  decodeResponse,
};

function encodeRequest(request: TranscriptionRequest, { model, warnings }: TargetContext): EncodedTask {
  const { audio, language, temperature, prompt, format, extensions } = request;
  warnUnsupported(warnings, { prompt });
  warnForeign(warnings, extensions, "elevenlabs");
  const fields: Record<string, string | undefined> = {
    model_id: model,
    language_code: language,
    temperature: temperature?.toString(),
    diarize: format === "diarized_json" ? "true" : undefined,
    source_url: audio.type === "url" ? audio.url : undefined,
  };
  const form: FormPart[] = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, data: Buffer.from(value) }],
  );
  if (audio.type !== "url") {
    const { data, filename, mediaType } = mediaBytes(audio, "file");
    form.push({ name: "file", filename, contentType: mediaType, data });
  }
  return { path: "/speech-to-text", body: { form }, headers: {} };
}

function decodeResponse(answer: TaskWireAnswer, { audio }: TranscriptionRequest): TranscriptionAnswer {
  const body = answer.json();
  if (!isJsonObject(body) || typeof body["text"] !== "string")
    throw new GatewayError("provider_protocol_error", "the provider's answer holds no transcript: it has no `text`");
  const { text, language_code: language, audio_duration_secs: said } = body;
  const words = wordsOf(body["words"]);
  const known = typeof said === "number" && said > 0 ? said : words.at(-1)?.end;
  const duration = known ?? (audio.type === "bytes" ? audioDuration(audio.data) : 0);
  return {
    text,
    ...(typeof language === "string" && { language }),
    ...(words.length > 0 && { words }),
    ...(duration > 0 && { duration, usage: unitUsage({ audio_seconds: duration }) }),
  };
}

/** Spaces and audible events stand between the words. */
function wordsOf(value: Json | undefined): TranscriptWord[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isJsonObject).flatMap(wordOf);
}

function wordOf({ type, text, start, end, speaker_id: speaker }: JsonObject): TranscriptWord[] {
  if (type !== "word" || typeof text !== "string" || typeof start !== "number" || typeof end !== "number") return [];
  return [{ word: text, start, end, ...(typeof speaker === "string" && { speaker }) }];
}
