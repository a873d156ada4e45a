import type { Frame } from "../../../canonical/dialect.ts";
import { eventData } from "../../../canonical/event-data.ts";
import type { TaskCodec, TaskEvent } from "../../../canonical/task.ts";
import type { TranscriptionAnswer, TranscriptionRequest } from "../../../canonical/tasks/transcription.ts";
import { unitUsage } from "../../../canonical/usage.ts";
import { decodeMediaUsage } from "../media-usage.ts";
import { streamFault } from "../stream-fault.ts";
import { secondsOf, weighTranscription } from "../../../canonical/tasks/weigh-transcription.ts";
import { decodeTranscription } from "./decode-request.ts";
import { decodeTranscript } from "./decode-response.ts";
import { encodeTranscription } from "./encode-request.ts";
import { encodeTranscript, encodeTranscriptEvents } from "./encode-response.ts";

const PATH = "/audio/transcriptions";

/** `POST /audio/transcriptions`: https://platform.openai.com/docs/api-reference/audio/createTranscription */
export const transcription: TaskCodec<TranscriptionRequest, TranscriptionAnswer> = {
  decodeRequest: decodeTranscription,
  weigh: weighTranscription,
  encodeRequest: (request, { warnings }) => encodeTranscription(request, PATH, warnings),
  answerForm: ({ stream }) => (stream ? "events" : "whole"),
  createEventReader: (request) => ({ read: (frame) => readEvent(frame, request) }),
  relayPath: () => PATH,
  modelInBody: true,
  decodeResponse: decodeTranscript,
  encodeResponse: encodeTranscript,
  encodeEvents: encodeTranscriptEvents,
};

/** Events of OpenAI, then of Mistral (https://docs.mistral.ai/capabilities/audio_transcription). */
const CONTENT: ReadonlySet<string> = new Set([
  "transcript.text.delta",
  "transcript.text.segment",
  "transcription.text.delta",
  "transcription.segment",
]);
const ENDS: ReadonlySet<string> = new Set(["transcript.text.done", "transcription.done"]);

/** `transcript.text.delta`, `….segment`, `….done`: https://platform.openai.com/docs/api-reference/audio/transcript-text-delta-event */
function readEvent(frame: Frame, request: TranscriptionRequest): TaskEvent {
  const event = eventData(frame);
  if (event === null) return { type: "other" };
  const error = streamFault(event);
  if (error !== null) return { type: "error", error };
  const { type } = event;
  if (typeof type !== "string") return { type: "other" };
  if (CONTENT.has(type)) return { type: "content" };
  if (!ENDS.has(type)) return { type: "other" };
  const usage = decodeMediaUsage(event["usage"]) ?? unitUsage({ audio_seconds: secondsOf(request) });
  return { type: "end", usage };
}
