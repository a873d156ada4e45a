import type { JsonObject } from "../../../canonical/json.ts";
import type { EncodedAnswer, TaskReply } from "../../../canonical/task.ts";
import type {
  TranscriptFormat,
  TranscriptionAnswer,
  TranscriptionRequest,
} from "../../../canonical/tasks/transcription.ts";
import { sseEvent } from "../../../lib/sse-write.ts";
import { encodeMediaUsage } from "../media-usage.ts";
import { segmentsOf, srtOf, vttOf } from "./subtitles.ts";

type Reply = TaskReply<TranscriptionRequest>;
type Write = (answer: TranscriptionAnswer, reply: Reply) => string;

const TEXT = "text/plain; charset=utf-8";

const FORMATS: Readonly<Record<TranscriptFormat, { contentType: string; write: Write }>> = {
  json: { contentType: "application/json", write: (answer) => JSON.stringify(plain(answer)) },
  text: { contentType: TEXT, write: ({ text }) => `${text}\n` },
  srt: { contentType: TEXT, write: srtOf },
  vtt: { contentType: TEXT, write: vttOf },
  verbose_json: { contentType: "application/json", write: (answer, reply) => JSON.stringify(verbose(answer, reply)) },
  diarized_json: { contentType: "application/json", write: (answer) => JSON.stringify(diarized(answer)) },
};

/** Writes a transcript in the format that the client asked for: https://platform.openai.com/docs/api-reference/audio/json-object */
export function encodeTranscript(answer: TranscriptionAnswer, reply: Reply): EncodedAnswer {
  const { contentType, write } = FORMATS[reply.request.format];
  return { contentType, body: answer.isFormatted === true ? answer.text : write(answer, reply) };
}

function plain(answer: TranscriptionAnswer): JsonObject {
  const usage = encodeMediaUsage(answer.usage);
  return { text: answer.text, ...(usage !== undefined && { usage }) };
}

function verbose(answer: TranscriptionAnswer, { request }: Reply): JsonObject {
  const { text, language, duration, words, usage } = answer;
  const wantsWords = request.granularities?.includes("word") === true;
  const wantsSegments = !wantsWords || request.granularities?.includes("segment") === true;
  const seconds = duration ?? usage?.units?.audio_seconds ?? 0;
  return {
    task: "transcribe",
    language: language ?? request.language ?? "",
    duration: seconds,
    text,
    ...(wantsWords && { words: (words ?? []).map(({ word, start, end }) => ({ word, start, end })) }),
    ...(wantsSegments && {
      segments: segmentsOf(answer).map(({ start, end, text: said }, id) => ({ id, start, end, text: said })),
    }),
    usage: { type: "duration", seconds },
  };
}

function diarized(answer: TranscriptionAnswer): JsonObject {
  const { text, duration, usage } = answer;
  return {
    task: "transcribe",
    duration: duration ?? usage?.units?.audio_seconds ?? 0,
    text,
    segments: segmentsOf(answer).map(({ start, end, text: said, speaker }, at) => ({
      type: "transcript.text.segment",
      id: `seg_${at}`,
      start,
      end,
      text: said,
      speaker: speaker ?? "",
    })),
    usage: encodeMediaUsage(usage),
  };
}

/** The events of a whole transcript: `transcript.text.delta` and `….done`. */
export function encodeTranscriptEvents(answer: TranscriptionAnswer): string {
  const { text } = answer;
  const usage = encodeMediaUsage(answer.usage);
  const delta = { type: "transcript.text.delta", delta: text };
  const done = { type: "transcript.text.done", text, ...(usage !== undefined && { usage }) };
  return sseEvent("", JSON.stringify(delta)) + sseEvent("", JSON.stringify(done));
}
