import type { TargetContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, objectsOf, type Json, type JsonObject } from "../../canonical/json.ts";
import { mediaBytes } from "../../canonical/media-bytes.ts";
import type { EncodedTask, FollowUp, TaskProviderSide, TaskWireAnswer } from "../../canonical/task.ts";
import type {
  TranscriptionAnswer,
  TranscriptionRequest,
  TranscriptSegment,
  TranscriptWord,
} from "../../canonical/tasks/transcription.ts";
import { unitUsage } from "../../canonical/usage.ts";
import { warnForeign } from "../../canonical/warn-unsupported.ts";

const JOBS = "/v2/transcript";
/** As the vendor's own client waits between two looks. */
const POLL_MS = 3000;
const MS = 1000;

/**
 * Upload, job, and looks at the job until it is done: https://www.assemblyai.com/docs/api-reference/files/upload,
 * …/transcripts/submit, …/transcripts/get
 */
export const transcription: TaskProviderSide<TranscriptionRequest, TranscriptionAnswer> = {
  encodeRequest,
  followUp,
  decodeResponse,
};

function encodeRequest(request: TranscriptionRequest, { warnings }: TargetContext): EncodedTask {
  const { audio, extensions } = request;
  warnForeign(warnings, extensions, "assemblyai");
  if (audio.type === "url") return jobFor(request, audio.url);
  const { data } = mediaBytes(audio, "file");
  return { path: "/v2/upload", body: { contentType: "application/octet-stream", data }, headers: {} };
}

/** Models of old have a field of their own. */
const OLD_MODELS = new Set(["best", "nano", "slam-1", "universal"]);

function jobFor(request: TranscriptionRequest, url: string): EncodedTask {
  const { model, language, prompt, temperature, format, extensions } = request;
  const json: JsonObject = { ...extensions.assemblyai, audio_url: url };
  if (OLD_MODELS.has(model)) json["speech_model"] = model;
  else json["speech_models"] = [model];
  if (language === undefined) json["language_detection"] = true;
  else json["language_code"] = language;
  if (prompt !== undefined) json["prompt"] = prompt;
  if (temperature !== undefined) json["temperature"] = temperature;
  if (format === "diarized_json") json["speaker_labels"] = true;
  return { path: JOBS, body: { json }, headers: {} };
}

function followUp(answer: TaskWireAnswer, request: TranscriptionRequest): FollowUp | null {
  const body = answer.json();
  if (!isJsonObject(body)) return null;
  const { upload_url: url, status, id } = body;
  if (typeof url === "string") return { ...jobFor(request, url), afterMs: 0 };
  if (typeof id !== "string" || (status !== "queued" && status !== "processing")) return null;
  const path = `${JOBS}/${encodeURIComponent(id)}`;
  return { method: "GET", path, body: null, headers: {}, afterMs: POLL_MS };
}

function decodeResponse(answer: TaskWireAnswer): TranscriptionAnswer {
  const body = answer.json();
  if (!isJsonObject(body) || body["status"] === "error" || typeof body["text"] !== "string") throw failureOf(body);
  const { text, language_code: language, audio_duration: duration } = body;
  const words = objectsOf(body["words"]).flatMap(wordOf);
  const segments = objectsOf(body["utterances"]).flatMap(spanOf);
  return {
    text,
    ...(typeof language === "string" && { language }),
    ...(words.length > 0 && { words }),
    ...(segments.length > 0 && { segments }),
    ...(typeof duration === "number" && duration > 0 && { duration, usage: unitUsage({ audio_seconds: duration }) }),
  };
}

/** A job that failed says why; the recording is at fault more often than not. */
function failureOf(body: Json): GatewayError {
  const said = isJsonObject(body) ? body["error"] : undefined;
  if (typeof said !== "string")
    return new GatewayError("provider_protocol_error", "the provider's answer holds no transcript");
  return new GatewayError("upstream_unprocessable", said, { upstream: { status: 422, message: said, body } });
}

function spanOf({ text, start, end, speaker }: JsonObject): TranscriptSegment[] {
  if (typeof text !== "string" || typeof start !== "number" || typeof end !== "number") return [];
  const who = typeof speaker === "string" ? { speaker } : {};
  return [{ text, start: start / MS, end: end / MS, ...who }];
}

function wordOf(word: JsonObject): TranscriptWord[] {
  return spanOf(word).map(({ text, ...span }) => ({ word: text, ...span }));
}
