import type { Extensions } from "../content.ts";
import type { CallRequest, TaskAnswer } from "../task.ts";
import type { MediaInput } from "./media-input.ts";

export const TRANSCRIPT_FORMATS = ["json", "text", "srt", "vtt", "verbose_json", "diarized_json"] as const;

export type TranscriptFormat = (typeof TRANSCRIPT_FORMATS)[number];

/** Speech to be written down, in its own language or (translation) in English. */
export interface TranscriptionRequest extends CallRequest {
  audio: MediaInput;
  /** Of the speech, ISO 639-1; absent: the provider finds out. */
  language?: string;
  /** Text that guides style and spelling. */
  prompt?: string;
  format: TranscriptFormat;
  temperature?: number;
  /** What times are wanted for. */
  granularities?: ("word" | "segment")[];
  extensions: Extensions;
}

/** Seconds from the start. */
interface Span {
  start: number;
  end: number;
  /** Who speaks, in the provider's names. */
  speaker?: string;
}

export interface TranscriptSegment extends Span {
  text: string;
}

export interface TranscriptWord extends Span {
  word: string;
}

export interface TranscriptionAnswer extends TaskAnswer {
  /** The transcript; in the client's format already where `isFormatted`. */
  text: string;
  /** The provider wrote `text` in the text format that was asked for (srt, vtt). */
  isFormatted?: boolean;
  language?: string;
  /** Seconds. */
  duration?: number;
  segments?: TranscriptSegment[];
  words?: TranscriptWord[];
}
