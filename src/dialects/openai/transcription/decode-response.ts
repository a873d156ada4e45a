import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, objectsOf, type JsonObject } from "../../../canonical/json.ts";
import type { TaskWireAnswer } from "../../../canonical/task.ts";
import type {
  TranscriptionAnswer,
  TranscriptionRequest,
  TranscriptSegment,
  TranscriptWord,
} from "../../../canonical/tasks/transcription.ts";
import { unitUsage } from "../../../canonical/usage.ts";
import { decodeMediaUsage } from "../media-usage.ts";
import { secondsOf } from "../../../canonical/tasks/weigh-transcription.ts";

/** Reads a transcript as JSON, or as the text that was asked for. Without usage the recording's own duration counts. */
export function decodeTranscript(answer: TaskWireAnswer, request: TranscriptionRequest): TranscriptionAnswer {
  if (!answer.contentType.includes("json") && !request.format.endsWith("json")) {
    const text = Buffer.from(answer.bytes).toString("utf8");
    return { text, isFormatted: true, usage: unitUsage({ audio_seconds: secondsOf(request) }) };
  }
  const body = answer.json();
  if (!isJsonObject(body) || typeof body["text"] !== "string")
    throw new GatewayError("provider_protocol_error", "the provider's answer holds no transcript: it has no `text`");
  const { text, language, duration } = body;
  const seconds = typeof duration === "number" && duration > 0 ? duration : undefined;
  const decoded: TranscriptionAnswer = {
    text,
    usage: decodeMediaUsage(body["usage"]) ?? unitUsage({ audio_seconds: seconds ?? secondsOf(request) }),
  };
  if (typeof language === "string") decoded.language = language;
  if (seconds !== undefined) decoded.duration = seconds;
  const segments = objectsOf(body["segments"]).flatMap(segmentOf);
  if (segments.length > 0) decoded.segments = segments;
  const words = objectsOf(body["words"]).flatMap(wordOf);
  if (words.length > 0) decoded.words = words;
  return decoded;
}

function segmentOf({ start, end, text, speaker }: JsonObject): TranscriptSegment[] {
  if (typeof start !== "number" || typeof end !== "number" || typeof text !== "string") return [];
  return [{ start, end, text, ...(typeof speaker === "string" && { speaker }) }];
}

function wordOf({ start, end, word }: JsonObject): TranscriptWord[] {
  if (typeof start !== "number" || typeof end !== "number" || typeof word !== "string") return [];
  return [{ start, end, word }];
}
