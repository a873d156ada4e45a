import { GatewayError } from "../../../canonical/errors.ts";
import type { Json, JsonObject } from "../../../canonical/json.ts";
import { objectOf } from "../../../canonical/json.ts";
import type { RealtimeAudio } from "../../../canonical/realtime-events.ts";
import { decodeG711, encodeG711, type Law } from "../../../lib/audio/g711.ts";
import { Pcm16Reader, pcm16Bytes } from "../../../lib/audio/pcm16.ts";
import { Resampler } from "../../../lib/audio/resampler.ts";

/** `RealtimeAudioFormats` in the vendor's SDK. */
export type AudioFormat = { type: "audio/pcm"; rate: 24000 } | { type: "audio/pcmu" } | { type: "audio/pcma" };

/** Samples a second of the vendor's own samples. */
export const PCM_RATE = 24_000;
const LAW_RATE = 8000;

const FORMATS: Readonly<Record<string, AudioFormat>> = {
  "audio/pcm": { type: "audio/pcm", rate: PCM_RATE },
  "audio/pcmu": { type: "audio/pcmu" },
  "audio/pcma": { type: "audio/pcma" },
  // Names of the API's beta.
  pcm16: { type: "audio/pcm", rate: PCM_RATE },
  g711_ulaw: { type: "audio/pcmu" },
  g711_alaw: { type: "audio/pcma" },
};

export const USUAL_FORMAT: AudioFormat = { type: "audio/pcm", rate: PCM_RATE };

/** Reads a format, in today's form or the beta's; throws for one that there is not. */
export function decodeFormat(wire: Json, param: string): AudioFormat {
  const { type, rate } = objectOf(wire);
  const name = typeof wire === "string" ? wire : type;
  const format = typeof name === "string" && Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (format !== undefined && (rate === undefined || rate === PCM_RATE || format.type !== "audio/pcm")) return format;
  const text = "take audio/pcm with a rate of 24000, audio/pcmu or audio/pcma";
  throw new GatewayError("invalid_request", text, { param });
}

/** As a field of a session. */
export function encodeFormat(format: AudioFormat): JsonObject {
  return { ...format };
}

function lawOf({ type }: AudioFormat): Law | null {
  return type === "audio/pcm" ? null : type === "audio/pcmu" ? "ulaw" : "alaw";
}

/** The samples of a client's chunk. */
export function samplesOf(data: string, format: AudioFormat): RealtimeAudio {
  const law = lawOf(format);
  if (law === null) return { data, rate: PCM_RATE };
  const samples = decodeG711(Buffer.from(data, "base64"), law);
  return { data: pcm16Bytes(samples).toString("base64"), rate: LAW_RATE };
}

/** Milliseconds that a chunk of base64 in a format lasts. */
export function durationMs(data: string, format: AudioFormat): number {
  const bytes = Math.floor((data.length * 3) / 4);
  return format.type === "audio/pcm" ? bytes / ((PCM_RATE * 2) / 1000) : bytes / (LAW_RATE / 1000);
}

/** Brings samples of any rate into one format, chunk by chunk. */
export class AudioEncoder {
  private readonly format: AudioFormat;
  private rate = 0;
  private resampler: Resampler | null = null;
  private reader = new Pcm16Reader();

  constructor(format: AudioFormat) {
    this.format = format;
  }

  /** In base64; empty while it is too little to tell. */
  push({ data, rate }: RealtimeAudio): string {
    const law = lawOf(this.format);
    if (law === null && rate === PCM_RATE) return data;
    this.follow(rate, law === null ? PCM_RATE : LAW_RATE);
    const samples = this.reader.push(Buffer.from(data, "base64"));
    return this.written(this.resampler === null ? samples : this.resampler.push(samples), law);
  }

  /** What is left at the end of a sound. */
  flush(): string {
    this.reader = new Pcm16Reader();
    return this.resampler === null ? "" : this.written(this.resampler.flush(), lawOf(this.format));
  }

  private follow(rate: number, wanted: number): void {
    if (rate === this.rate) return;
    this.rate = rate;
    this.resampler = rate === wanted ? null : new Resampler(rate, wanted);
  }

  private written(samples: Int16Array, law: Law | null): string {
    const bytes = law === null ? pcm16Bytes(samples) : encodeG711(samples, law);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  }
}

/** A whole sound as the vendor takes samples. */
export function wholeAudio(audio: RealtimeAudio): string {
  const encoder = new AudioEncoder(USUAL_FORMAT);
  const parts = [encoder.push(audio), encoder.flush()].filter((part) => part !== "");
  if (parts.length === 1) return parts[0] ?? "";
  return Buffer.concat(parts.map((part) => Buffer.from(part, "base64"))).toString("base64");
}
