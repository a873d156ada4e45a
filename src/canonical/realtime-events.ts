import type { GatewayError } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Usage } from "./usage.ts";
import type { Warning } from "./warning.ts";

/** When the user's turn is over. */
export type TurnDetection =
  /** The client says so. */
  | { mode: "manual"; interrupts?: boolean }
  /** The provider listens. `threshold` from 0 to 1: how loud speech is; `eagerness`: how soon its end is believed. */
  | {
      mode: "server";
      threshold?: number;
      eagerness?: "low" | "medium" | "high";
      prefixMs?: number;
      silenceMs?: number;
      /** Speech ends the answer under way; default: it does. */
      interrupts?: boolean;
    };

export interface RealtimeTool {
  name: string;
  description?: string;
  /** JSON Schema. */
  parameters?: JsonObject;
}

/** How a session is to be. Absent: as it was, or the provider's own choice. */
export interface SessionConfig {
  instructions?: string;
  /** What the model answers in. */
  output?: "audio" | "text";
  voice?: string;
  turns?: TurnDetection;
  tools?: RealtimeTool[];
  toolChoice?: "auto" | "none" | "required" | { name: string };
  /** Tokens of one answer; null: no limit. */
  maxOutputTokens?: number | null;
  temperature?: number;
  /** Transcripts of what the user says; null: none. */
  inputTranscript?: { language?: string } | null;
  /** Transcripts of what the model says. */
  outputTranscript?: boolean;
}

/** A part of a message. Audio is samples, see `RealtimeAudio`. */
export type RealtimePart =
  | { type: "text"; text: string }
  | { type: "image"; mediaType: string; data: string }
  | ({ type: "audio" } & RealtimeAudio);

/** One channel of 16-bit samples, little-endian, in base64. */
export interface RealtimeAudio {
  data: string;
  /** Samples a second. */
  rate: number;
}

/** Something that a client adds to the conversation. */
export type RealtimeItem =
  | { type: "message"; role: "user" | "assistant" | "system"; parts: RealtimePart[] }
  | { type: "tool_call"; callId: string; name: string; arguments: string }
  /** `output`: any JSON. `name` may be unknown. */
  | { type: "tool_result"; callId: string; name?: string; output: Json };

/** What a client says in a session. */
export type ClientEvent =
  | { type: "configure"; config: SessionConfig }
  | ({ type: "audio" } & RealtimeAudio)
  /** The user begins and ends to speak, where the client says so (manual turns). */
  | { type: "speech_start" }
  | { type: "speech_end" }
  /** The microphone is off. */
  | { type: "audio_pause" }
  | { type: "item"; item: RealtimeItem }
  /** The model is to answer what is there. */
  | { type: "respond" }
  /** The answer under way is not wanted any more. */
  | { type: "cancel" };

/** What a provider says in a session. */
export type ServerEvent =
  /** The configuration that the client asked for last holds. */
  | { type: "ready" }
  | { type: "speech_started" }
  | { type: "speech_stopped" }
  | { type: "input_transcript"; text: string; isFinal: boolean }
  | { type: "text"; text: string }
  | ({ type: "audio" } & RealtimeAudio)
  /** Of what the model says. */
  | { type: "transcript"; text: string }
  /** A call, whole. */
  | { type: "tool_call"; callId: string; name: string; arguments: string }
  | { type: "tool_calls_cancelled"; callIds: string[] }
  /** The model has said all; the answer may not be over yet. */
  | { type: "content_done" }
  | {
      type: "response_done";
      /** `interrupted`: by the user's speech. `incomplete`: cut by its length. */
      status: "completed" | "interrupted" | "cancelled" | "incomplete" | "filtered";
      usage: Usage | null;
    }
  /** Use that belongs to no answer that is still open. */
  | { type: "usage"; usage: Usage }
  /** The provider is about to close. */
  | { type: "closing"; timeLeft: string }
  /** What was asked for last was refused. `isFatal`: the session cannot go on. */
  | { type: "error"; error: GatewayError; isFatal: boolean };

/** What both sides of a translated session work with. */
export interface SideContext {
  /** Model as this side knows it. */
  model: string;
  /** A new id with this beginning. */
  newId(prefix: string): string;
  /** The model that transcribes what the user says beside the session's own, where the provider has it so; null: none may. */
  transcriber: string | null;
  warn(code: Warning["code"], field: string, message: string): void;
}

/** The client's side of a translated session; messages are texts. */
export interface ClientSide {
  /** What the client is told first. */
  open(out: string[]): void;
  /** Decodes a message into `said`; what the client is answered at once goes to `out`. Throws `GatewayError` for what cannot be taken. */
  decode(message: JsonObject, said: ClientEvent[], out: string[]): void;
  encode(event: ServerEvent, out: string[]): void;
}

/** The provider's side of a translated session; messages are texts. */
export interface ProviderSide {
  /** Characters of messages that wait until the provider is ready. */
  readonly waiting: number;
  /** Encodes an event; what is known of it without the provider goes to `heard`. */
  encode(event: ClientEvent, out: string[], heard: ServerEvent[]): void;
  /** Decodes a message into `heard`; what is to be sent in answer goes to `out`. Unknown messages are none. */
  decode(message: JsonObject, heard: ServerEvent[], out: string[]): void;
}
