import { GatewayError } from "../../../canonical/errors.ts";
import { objectOf, textOf, type JsonObject } from "../../../canonical/json.ts";
import type {
  ClientEvent,
  ProviderSide,
  RealtimeAudio,
  ServerEvent,
  SessionConfig,
  SideContext,
} from "../../../canonical/realtime-events.ts";
import { AudioEncoder, PCM_RATE, USUAL_FORMAT } from "./audio-format.ts";
import { encodeSession } from "./encode-session.ts";
import { encodeItem } from "./item.ts";
import { decodeRealtimeUsage } from "./usage.ts";

type Handler = (side: RealtimeProviderSide, event: JsonObject, heard: ServerEvent[], out: string[]) => void;

/** Milliseconds of silence that end a turn where the provider listens. */
const USUAL_SILENCE_MS = 500;
const MORE_SILENCE_MS = 300;

/** The beta's names stand beside today's: Azure's older versions have them. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  "session.updated": (side, _, heard) => side.updated(heard),
  "input_audio_buffer.speech_started": (_side, _, heard) => void heard.push({ type: "speech_started" }),
  "input_audio_buffer.speech_stopped": (_side, _, heard) => void heard.push({ type: "speech_stopped" }),
  "conversation.item.input_audio_transcription.delta": (side, event, heard) => side.transcribed(event, false, heard),
  "conversation.item.input_audio_transcription.completed": (side, event, heard) => side.transcribed(event, true, heard),
  "response.created": (side) => side.began(),
  "response.output_text.delta": say("text"),
  "response.text.delta": say("text"),
  "response.output_audio_transcript.delta": say("transcript"),
  "response.audio_transcript.delta": say("transcript"),
  "response.output_audio.delta": sound,
  "response.audio.delta": sound,
  "response.output_item.done": (_side, event, heard) => called(objectOf(event["item"]), heard),
  "response.done": (side, event, heard, out) => side.done(objectOf(event["response"]), heard, out),
  error: (side, event, heard) => side.refused(objectOf(event["error"]), heard),
};

function say(type: "text" | "transcript"): Handler {
  return (_side, { delta }, heard) => {
    if (typeof delta === "string" && delta !== "") heard.push({ type, text: delta });
  };
}

function sound(_side: RealtimeProviderSide, { delta }: JsonObject, heard: ServerEvent[]): void {
  if (typeof delta === "string" && delta !== "") heard.push({ type: "audio", data: delta, rate: PCM_RATE });
}

function called(item: JsonObject, heard: ServerEvent[]): void {
  const { type, call_id: callId, name, arguments: text } = item;
  if (type !== "function_call" || typeof callId !== "string") return;
  heard.push({ type: "tool_call", callId, name: textOf(name), arguments: textOf(text) });
}

/** A session at OpenAI's Realtime API: https://platform.openai.com/docs/api-reference/realtime */
export class RealtimeProviderSide implements ProviderSide {
  /** The provider takes messages from the first moment on. */
  readonly waiting = 0;
  private readonly context: SideContext;
  private readonly encoder = new AudioEncoder(USUAL_FORMAT);
  private config: SessionConfig = {};
  private isReady = false;
  private isAnswering = false;
  /** An answer was asked for, and was not begun yet. */
  private isAsked = false;
  /** The answer under way has to end before the next one can be asked for. */
  private isQueued = false;
  /** Items whose transcripts have come in pieces. */
  private readonly transcripts = new Set<string>();

  constructor(context: SideContext) {
    this.context = context;
  }

  encode(event: ClientEvent, out: string[]): void {
    switch (event.type) {
      case "configure":
        this.config = { ...this.config, ...event.config };
        return send(out, { type: "session.update", session: encodeSession(this.config, this.context) });
      case "audio":
        return this.append(event, out);
      case "speech_start":
        if (this.config.turns?.interrupts !== false) this.cancel(out);
        return;
      case "speech_end":
        this.appendText(this.encoder.flush(), out);
        send(out, { type: "input_audio_buffer.commit" });
        return this.respond(out);
      case "audio_pause":
        return this.pause(out);
      case "item":
        return send(out, { type: "conversation.item.create", item: encodeItem(event.item) });
      case "respond":
        this.cancel(out);
        return this.respond(out);
      default:
        return this.cancel(out);
    }
  }

  decode(event: JsonObject, heard: ServerEvent[], out: string[]): void {
    const { type } = event;
    if (typeof type === "string" && Object.hasOwn(HANDLERS, type)) HANDLERS[type]?.(this, event, heard, out);
  }

  updated(heard: ServerEvent[]): void {
    this.isReady = true;
    heard.push({ type: "ready" });
  }

  began(): void {
    this.isAnswering = true;
    this.isAsked = false;
  }

  transcribed({ item_id: item, delta, transcript }: JsonObject, isFinal: boolean, heard: ServerEvent[]): void {
    const id = textOf(item);
    const isKnown = isFinal ? this.transcripts.delete(id) : this.transcripts.has(id);
    if (!isFinal && !isKnown) this.transcripts.add(id);
    heard.push({
      type: "input_transcript",
      text: isFinal ? (isKnown ? "" : textOf(transcript)) : textOf(delta),
      isFinal,
    });
  }

  done(response: JsonObject, heard: ServerEvent[], out: string[]): void {
    const { status, status_details: details, usage } = response;
    const { reason, error } = objectOf(details);
    this.isAnswering = false;
    if (status === "failed") {
      const { code, message } = objectOf(error);
      const text = `the provider could not answer: ${textOf(message) || textOf(code) || "it does not say why"}`;
      heard.push({ type: "error", error: new GatewayError("upstream_error", text), isFatal: true });
      return;
    }
    heard.push({ type: "response_done", status: endOf(status, reason), usage: decodeRealtimeUsage(usage) });
    if (!this.isQueued) return;
    this.isQueued = false;
    this.respond(out);
  }

  /** An error while something hangs on it ends the session: clients of other protocols could not be told. */
  refused(error: JsonObject, heard: ServerEvent[]): void {
    const { code, message } = error;
    if (code === "conversation_already_has_active_response") {
      this.isQueued = true;
      this.isAnswering = true;
      return;
    }
    if (code === "response_cancel_not_active") return;
    const isFatal = !this.isReady || this.isAsked;
    heard.push({ type: "error", error: new GatewayError("upstream_invalid_request", textOf(message)), isFatal });
  }

  private append({ data, rate }: RealtimeAudio, out: string[]): void {
    this.appendText(this.encoder.push({ data, rate }), out);
  }

  private appendText(audio: string, out: string[]): void {
    if (audio !== "") out.push(`{"type":"input_audio_buffer.append","audio":${JSON.stringify(audio)}}`);
  }

  /** The provider hears the end of a turn by silence only. */
  private pause(out: string[]): void {
    const { turns } = this.config;
    if (turns?.mode === "manual") return;
    const ms = (turns?.silenceMs ?? USUAL_SILENCE_MS) + MORE_SILENCE_MS;
    const samples = Math.min(10_000, ms) * (PCM_RATE / 1000);
    this.append({ data: Buffer.alloc(Math.round(samples) * 2).toString("base64"), rate: PCM_RATE }, out);
  }

  private cancel(out: string[]): void {
    if (this.isAnswering && !this.isQueued) send(out, { type: "response.cancel" });
  }

  private respond(out: string[]): void {
    if (this.isAnswering) {
      this.isQueued = true;
      return;
    }
    this.isAsked = true;
    send(out, { type: "response.create" });
  }
}

function endOf(status: unknown, reason: unknown): Extract<ServerEvent, { type: "response_done" }>["status"] {
  if (status === "cancelled") return reason === "turn_detected" ? "interrupted" : "cancelled";
  if (status === "incomplete") return reason === "content_filter" ? "filtered" : "incomplete";
  return "completed";
}

function send(out: string[], event: JsonObject): void {
  out.push(JSON.stringify(event));
}
