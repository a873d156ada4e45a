import type { Extensions } from "../content.ts";
import type { CallRequest, TaskAnswer } from "../task.ts";

export const SPEECH_FORMATS = ["mp3", "opus", "aac", "flac", "wav", "pcm", "ogg", "mulaw"] as const;

/** `opus` and `ogg`: Opus in Ogg. `pcm`: 24 kHz, 16 bit, little-endian, mono, without a header. `mulaw`: 8 kHz. */
export type SpeechFormat = (typeof SPEECH_FORMATS)[number];

/** A text to be spoken. `stream`: as events; audio itself always comes as it is made. */
export interface SpeechRequest extends CallRequest {
  input: string;
  /** In the provider's own names. */
  voice?: string;
  /** How to speak. */
  instructions?: string;
  format: SpeechFormat;
  /** 1: as usual. */
  speed?: number;
  extensions: Extensions;
}

export interface SpeechAnswer extends TaskAnswer {
  audio: Uint8Array;
  contentType: string;
}
