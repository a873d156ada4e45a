import { audioDuration } from "../../lib/audio-duration.ts";
import type { TaskWeight } from "../task.ts";
import type { TranscriptionRequest } from "./transcription.ts";

/** A recording at an address may be as long as this. */
const UNKNOWN_SECONDS = 3600;
/** Audio counts 10 tokens a second ($0.006 a minute at $10 a million, upper bound): https://platform.openai.com/docs/pricing */
const TOKENS_PER_SECOND = 10;
/** Fast speech: 240 words a minute. */
const OUTPUT_TOKENS_PER_SECOND = 6;

/** Seconds of the recording, by its header or else by its length. */
export function secondsOf({ audio }: TranscriptionRequest): number {
  return audio.type === "bytes" ? audioDuration(audio.data) : UNKNOWN_SECONDS;
}

/** Estimate by the recording's duration. */
export function weighTranscription(request: TranscriptionRequest): TaskWeight {
  const seconds = secondsOf(request);
  return {
    inputTokens: Math.ceil(seconds * TOKENS_PER_SECOND),
    outputTokens: Math.ceil(seconds * OUTPUT_TOKENS_PER_SECOND),
    hasImages: false,
    units: { audio_seconds: seconds },
  };
}
