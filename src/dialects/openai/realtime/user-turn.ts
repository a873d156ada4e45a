import { GatewayError } from "../../../canonical/errors.ts";
import type { JsonObject } from "../../../canonical/json.ts";
import type { SideContext } from "../../../canonical/realtime-events.ts";
import { durationMs, type AudioFormat } from "./audio-format.ts";
import type { EventWriter } from "./event-writer.ts";

/** What the user says at one time: an item of the conversation once it is committed. */
interface Utterance {
  id: string;
  isCommitted: boolean;
  transcript: string;
}

/** The transcript comes with the session: it has no use of its own. */
const NO_USAGE = { type: "tokens", total_tokens: 0, input_tokens: 0, output_tokens: 0 };

/**
 * Tells a client what is known of the user's speech: where the provider does not say when it began and ended, that is when
 * its transcript or an interruption shows it, and when the model answers it.
 */
export class UserTurn {
  /** Nobody was told that the user speaks (manual turns). */
  isSilent = true;
  private readonly events: EventWriter;
  private readonly context: SideContext;
  private heardMs = 0;
  /** Sound has come since the last turn. */
  private isOpen = false;
  private isSpeaking = false;
  private isWaiting = false;
  private utterance: Utterance | null = null;

  constructor(events: EventWriter, context: SideContext) {
    this.events = events;
    this.context = context;
  }

  /** Sound of the client. */
  heard(audio: string, format: AudioFormat, isManual: boolean): void {
    this.heardMs += durationMs(audio, format);
    this.isOpen = true;
    if (isManual) this.isSilent = false;
  }

  /** Speech has begun. */
  begin(): void {
    if (this.isSpeaking) return;
    this.isSpeaking = true;
    const { id } = this.fresh();
    this.events.write("input_audio_buffer.speech_started", { audio_start_ms: Math.round(this.heardMs), item_id: id });
  }

  /** Speech has ended, if there was any. */
  end(): void {
    if (!this.isOpen && !this.isSpeaking) return;
    if (!this.isSilent) return;
    this.begin();
    const { id } = this.fresh();
    this.isSpeaking = false;
    this.events.write("input_audio_buffer.speech_stopped", { audio_end_ms: Math.round(this.heardMs), item_id: id });
    this.written();
  }

  /** The client says that its turn is whole. */
  commit(): void {
    if (!this.isOpen) throw new GatewayError("invalid_request", "no audio was appended", { param: "type" });
    this.isWaiting = true;
    this.written();
  }

  clear(): void {
    if (this.isOpen)
      this.context.warn("changed_field", "input_audio_buffer.clear", "audio that was sent cannot be taken back");
    this.events.write("input_audio_buffer.cleared", {});
  }

  /** True when a committed turn waits for its answer; it is answered now. */
  take(): boolean {
    const { isWaiting } = this;
    this.isWaiting = false;
    if (isWaiting) this.isSilent = true;
    return isWaiting;
  }

  /** A piece of what the user said. */
  transcript(text: string, isFinal: boolean): void {
    const before = this.utterance;
    if (before === null && text === "") return;
    if (before === null && this.isSilent) this.begin();
    const utterance = before ?? this.fresh();
    utterance.transcript += text;
    const place = { item_id: utterance.id, content_index: 0 };
    if (text !== "") this.events.write("conversation.item.input_audio_transcription.delta", { ...place, delta: text });
    if (isFinal && utterance.isCommitted) this.close();
  }

  /** The turn was answered: its transcript is whole. */
  close(): void {
    const { utterance } = this;
    if (utterance === null || !utterance.isCommitted) return;
    this.utterance = null;
    if (utterance.transcript === "") return;
    this.events.write("conversation.item.input_audio_transcription.completed", {
      item_id: utterance.id,
      content_index: 0,
      transcript: utterance.transcript,
      usage: NO_USAGE,
    });
  }

  /** The utterance that is not committed yet. */
  private fresh(): Utterance {
    if (this.utterance !== null && !this.utterance.isCommitted) return this.utterance;
    this.close();
    return (this.utterance = { id: this.events.newId("item_"), isCommitted: false, transcript: "" });
  }

  private written(): void {
    const utterance = this.fresh();
    utterance.isCommitted = true;
    this.isOpen = false;
    const content = [{ type: "input_audio", transcript: utterance.transcript === "" ? null : utterance.transcript }];
    const item: JsonObject = { id: utterance.id, object: "realtime.item", type: "message", role: "user" };
    this.events.write("input_audio_buffer.committed", {
      previous_item_id: this.events.lastItemId,
      item_id: utterance.id,
    });
    this.events.item("conversation.item.added", { ...item, status: "completed", content });
    this.events.item("conversation.item.done", { ...item, status: "completed", content });
  }
}
