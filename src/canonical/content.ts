import type { DialectName } from "./names.ts";
import type { JsonObject } from "./json.ts";
import type { Opaque } from "./opaque.ts";

/** Fields of one dialect that the canonical form has no name for, by dialect. Encoders of that dialect put them back. */
export type Extensions = Partial<Record<DialectName, JsonObject>>;

/** A prompt-cache marker: everything up to and including its carrier is worth caching. */
export interface CacheMarker {
  ttl?: "5m" | "1h";
}

/** Where bytes of an image, file, audio or video come from. */
export type Source =
  | { type: "url"; url: string }
  /** `data` is base64 without a `data:` prefix. */
  | { type: "base64"; data: string }
  /** An id at the provider's own files API. */
  | { type: "file_id"; id: string }
  /** Plain text in place (Anthropic text documents). */
  | { type: "text"; text: string };

export interface TextPart {
  type: "text";
  text: string;
  citations?: Citation[];
  /** Gemini signs text parts too. */
  opaque?: Opaque;
  cache?: CacheMarker;
  extensions?: Extensions;
}

export interface ImagePart {
  type: "image";
  source: Source;
  /** Such as `image/png`; absent when the sender did not say. */
  mediaType?: string;
  detail?: "auto" | "low" | "high" | "original";
  opaque?: Opaque;
  cache?: CacheMarker;
  extensions?: Extensions;
}

/** Documents, and any media without a part type of its own. */
export interface FilePart {
  type: "file";
  source: Source;
  mediaType?: string;
  filename?: string;
  title?: string;
  /** Text about the document that the model sees but does not cite (Anthropic `context`). */
  context?: string;
  /** Ask for citations of this document. */
  citations?: boolean;
  cache?: CacheMarker;
  extensions?: Extensions;
}

export interface AudioPart {
  type: "audio";
  source: Source;
  /** `audio/wav`, `audio/mpeg`, … */
  mediaType?: string;
  /** Transcript, on audio that a model made. */
  transcript?: string;
  /** The provider's id of the audio (OpenAI `audio.id`). */
  id?: string;
  cache?: CacheMarker;
  extensions?: Extensions;
}

export interface VideoPart {
  type: "video";
  source: Source;
  mediaType?: string;
  cache?: CacheMarker;
  extensions?: Extensions;
}

export interface RefusalPart {
  type: "refusal";
  text: string;
}

/** A content part that only one dialect knows. Encoders of others drop it with a warning. */
export interface OpaquePart {
  type: "opaque";
  dialect: DialectName;
  value: JsonObject;
  cache?: CacheMarker;
}

export type Part = TextPart | ImagePart | FilePart | AudioPart | VideoPart | RefusalPart | OpaquePart;

/** A claim's source. Offsets count UTF-16 units of the text part that carries the citation, where the wire gives them. */
export interface Citation {
  type: "url" | "document" | "file" | "other";
  url?: string;
  title?: string;
  citedText?: string;
  start?: number;
  end?: number;
  /** The wire object, for encoders of the dialect that it came from. */
  raw?: { dialect: DialectName; value: JsonObject };
}
