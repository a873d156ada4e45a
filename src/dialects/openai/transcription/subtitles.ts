import type { TranscriptionAnswer, TranscriptSegment } from "../../../canonical/tasks/transcription.ts";

/** A caption of words holds this many, where a provider gives no segments. */
const WORDS_PER_CAPTION = 12;

/** The segments of a transcript: the provider's, else made of its words, else one of everything. */
export function segmentsOf({ segments, words = [], text, duration = 0 }: TranscriptionAnswer): TranscriptSegment[] {
  if (segments !== undefined && segments.length > 0) return segments;
  if (words.length === 0) return text === "" ? [] : [{ start: 0, end: duration, text }];
  const made: TranscriptSegment[] = [];
  for (let at = 0; at < words.length; at += WORDS_PER_CAPTION) {
    const group = words.slice(at, at + WORDS_PER_CAPTION);
    const joined = group.map(({ word }) => word.trim()).join(" ");
    made.push({ start: group[0]?.start ?? 0, end: group.at(-1)?.end ?? 0, text: joined });
  }
  return made;
}

/** SubRip: numbered captions. */
export function srtOf(answer: TranscriptionAnswer): string {
  const captions = segmentsOf(answer).map(({ start, end, text }, at) => {
    return `${at + 1}\n${time(start, ",")} --> ${time(end, ",")}\n${text.trim()}\n`;
  });
  return captions.join("\n");
}

/** WebVTT (https://www.w3.org/TR/webvtt1/). */
export function vttOf(answer: TranscriptionAnswer): string {
  const captions = segmentsOf(answer).map(
    ({ start, end, text }) => `${time(start, ".")} --> ${time(end, ".")}\n${text.trim()}\n`,
  );
  return ["WEBVTT\n", ...captions].join("\n");
}

function time(seconds: number, point: string): string {
  const ms = Math.max(0, Math.round(seconds * 1000));
  const parts = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  return `${parts.map((part) => String(part).padStart(2, "0")).join(":")}${point}${String(ms % 1000).padStart(3, "0")}`;
}
