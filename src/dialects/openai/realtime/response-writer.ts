import type { JsonObject } from "../../../canonical/json.ts";
import type { RealtimeAudio, ServerEvent } from "../../../canonical/realtime-events.ts";
import type { Usage } from "../../../canonical/usage.ts";
import { AudioEncoder } from "./audio-format.ts";
import type { EventWriter } from "./event-writer.ts";
import type { SessionView } from "./session-view.ts";
import { encodeRealtimeUsage } from "./usage.ts";

type Call = Extract<ServerEvent, { type: "tool_call" }>;

/** How an answer ended: `RealtimeResponseStatus` in the vendor's SDK. */
export interface ResponseEnd {
  status: "completed" | "cancelled" | "incomplete" | "failed";
  reason?: "turn_detected" | "client_cancelled" | "max_output_tokens" | "content_filter";
}

/** A message under way. */
interface OpenMessage {
  id: string;
  kind: "text" | "audio";
  text: string;
  /** The fields that all its deltas have, as JSON text. */
  at: string;
}

/** Writes the events of one answer, in the order of https://platform.openai.com/docs/guides/realtime-conversations */
export class ResponseWriter {
  readonly id: string;
  private readonly events: EventWriter;
  private readonly view: SessionView;
  private readonly metadata: JsonObject | null;
  private readonly encoder: AudioEncoder;
  private readonly output: JsonObject[] = [];
  private message: OpenMessage | null = null;

  constructor(events: EventWriter, view: SessionView, metadata: JsonObject | null) {
    this.events = events;
    this.view = view;
    this.metadata = metadata;
    this.encoder = new AudioEncoder(view.output);
    this.id = events.newId("resp_");
    events.write("response.created", { response: this.response("in_progress", null, null) });
  }

  text(text: string): void {
    const message = this.open("text");
    message.text += text;
    this.events.writeText("response.output_text.delta", `${message.at},"delta":${JSON.stringify(text)}`);
  }

  /** What the model says aloud, in writing. */
  transcript(text: string): void {
    const message = this.open("audio");
    message.text += text;
    this.events.writeText("response.output_audio_transcript.delta", `${message.at},"delta":${JSON.stringify(text)}`);
  }

  audio(audio: RealtimeAudio): void {
    const message = this.open("audio");
    const data = this.encoder.push(audio);
    if (data !== "")
      this.events.writeText("response.output_audio.delta", `${message.at},"delta":${JSON.stringify(data)}`);
  }

  call({ callId, name, arguments: text }: Call): void {
    this.closeMessage("completed");
    const id = this.events.newId("item_");
    const item: JsonObject = { id, object: "realtime.item", type: "function_call", name, call_id: callId };
    const at = { response_id: this.id, item_id: id, output_index: this.output.length, call_id: callId };
    this.addItem({ ...item, status: "in_progress", arguments: "" });
    this.events.write("response.function_call_arguments.delta", { ...at, delta: text });
    this.events.write("response.function_call_arguments.done", { ...at, name, arguments: text });
    this.endItem({ ...item, status: "completed", arguments: text });
  }

  /** The model has said all of a message. */
  closeMessage(status: "completed" | "incomplete"): void {
    const { message } = this;
    if (message === null) return;
    this.message = null;
    const { id, kind, text, at } = message;
    if (kind === "audio") {
      const rest = this.encoder.flush();
      if (rest !== "") this.events.writeText("response.output_audio.delta", `${at},"delta":${JSON.stringify(rest)}`);
      this.events.writeText("response.output_audio.done", at);
      this.events.writeText("response.output_audio_transcript.done", `${at},"transcript":${JSON.stringify(text)}`);
    } else this.events.writeText("response.output_text.done", `${at},"text":${JSON.stringify(text)}`);
    this.events.writeText("response.content_part.done", `${at},"part":${JSON.stringify(partOf(kind, text))}`);
    const content = kind === "audio" ? { type: "output_audio", transcript: text } : { type: "output_text", text };
    this.endItem({ ...messageItem(id), status, content: [content] });
  }

  /** Ends the answer. `usage` null: the provider did not say. */
  done({ status, reason }: ResponseEnd, usage: Usage | null): void {
    this.closeMessage(status === "completed" ? "completed" : "incomplete");
    const details = status === "completed" ? null : { type: status, ...(reason !== undefined && { reason }) };
    this.events.write("response.done", { response: this.response(status, details, usage) });
  }

  private open(kind: OpenMessage["kind"]): OpenMessage {
    if (this.message?.kind === kind) return this.message;
    this.closeMessage("completed");
    const id = this.events.newId("item_");
    const place = { response_id: this.id, item_id: id, output_index: this.output.length, content_index: 0 };
    const at = JSON.stringify(place).slice(1, -1);
    this.addItem({ ...messageItem(id), status: "in_progress", content: [] });
    this.events.write("response.content_part.added", { ...place, part: partOf(kind, "") });
    return (this.message = { id, kind, text: "", at });
  }

  private addItem(item: JsonObject): void {
    const place = { response_id: this.id, output_index: this.output.length };
    this.events.write("response.output_item.added", { ...place, item });
    this.events.item("conversation.item.added", item);
  }

  private endItem(item: JsonObject): void {
    this.events.item("conversation.item.done", item);
    this.events.write("response.output_item.done", { response_id: this.id, output_index: this.output.length, item });
    this.output.push(item);
  }

  private response(status: string, details: JsonObject | null, usage: Usage | null): JsonObject {
    const { modality, maxOutputTokens } = this.view;
    return {
      object: "realtime.response",
      id: this.id,
      status,
      status_details: details,
      output: [...this.output],
      conversation_id: this.events.conversationId,
      output_modalities: [modality],
      max_output_tokens: maxOutputTokens,
      usage: usage === null ? null : encodeRealtimeUsage(usage),
      metadata: this.metadata,
    };
  }
}

function messageItem(id: string): JsonObject {
  return { id, object: "realtime.item", type: "message", role: "assistant" };
}

function partOf(kind: OpenMessage["kind"], text: string): JsonObject {
  return kind === "audio" ? { type: "audio", transcript: text } : { type: "text", text };
}
