import type { TargetContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, objectsOf, type Json, type JsonObject } from "../../canonical/json.ts";
import { mediaBytes } from "../../canonical/media-bytes.ts";
import type { EncodedTask, TaskProviderSide, TaskWireAnswer } from "../../canonical/task.ts";
import type {
  TranscriptionAnswer,
  TranscriptionRequest,
  TranscriptSegment,
  TranscriptWord,
} from "../../canonical/tasks/transcription.ts";
import { unitUsage } from "../../canonical/usage.ts";
import { warnForeign, warnUnsupported } from "../../canonical/warn-unsupported.ts";

/** `POST /v1/listen`, options in the query: https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded */
export const transcription: TaskProviderSide<TranscriptionRequest, TranscriptionAnswer> = {
  encodeRequest,
  decodeResponse,
};

function encodeRequest(request: TranscriptionRequest, { model, warnings }: TargetContext): EncodedTask {
  const { audio, language, prompt, temperature, format, extensions } = request;
  warnUnsupported(warnings, { prompt, temperature });
  warnForeign(warnings, extensions, "deepgram");
  const query = new URLSearchParams({ model, smart_format: "true", utterances: "true" });
  if (language === undefined) query.set("detect_language", "true");
  else query.set("language", language);
  if (format === "diarized_json") query.set("diarize", "true");
  const path = `/listen?${query}`;
  if (audio.type === "url") return { path, body: { json: { url: audio.url } }, headers: {} };
  const { data, mediaType } = mediaBytes(audio, "file");
  return { path, body: { contentType: mediaType, data }, headers: {} };
}

function decodeResponse(answer: TaskWireAnswer): TranscriptionAnswer {
  const body = answer.json();
  const results = isJsonObject(body) ? body["results"] : undefined;
  const channel = isJsonObject(results) ? firstOf(results["channels"]) : undefined;
  const best = firstOf(channel?.["alternatives"]);
  if (typeof best?.["transcript"] !== "string")
    throw new GatewayError("provider_protocol_error", "the provider's answer holds no transcript");
  const decoded: TranscriptionAnswer = { text: best["transcript"] };
  const language = channel?.["detected_language"];
  if (typeof language === "string") decoded.language = language;
  const metadata = isJsonObject(body) ? body["metadata"] : undefined;
  const duration = isJsonObject(metadata) ? metadata["duration"] : undefined;
  if (typeof duration === "number" && duration > 0) {
    decoded.duration = duration;
    decoded.usage = unitUsage({ audio_seconds: duration });
  }
  const words = objectsOf(best["words"]).flatMap(wordOf);
  if (words.length > 0) decoded.words = words;
  const segments = objectsOf(isJsonObject(results) ? results["utterances"] : undefined).flatMap(segmentOf);
  if (segments.length > 0) decoded.segments = segments;
  return decoded;
}

function firstOf(value: Json | undefined): JsonObject | undefined {
  return objectsOf(value)[0];
}

function wordOf({ word, punctuated_word: written, start, end, speaker }: JsonObject): TranscriptWord[] {
  const text = typeof written === "string" ? written : word;
  if (typeof text !== "string" || typeof start !== "number" || typeof end !== "number") return [];
  return [{ word: text, start, end, ...(typeof speaker === "number" && { speaker: String(speaker) }) }];
}

function segmentOf({ transcript: text, start, end, speaker }: JsonObject): TranscriptSegment[] {
  if (typeof text !== "string" || typeof start !== "number" || typeof end !== "number") return [];
  return [{ text, start, end, ...(typeof speaker === "number" && { speaker: String(speaker) }) }];
}
