import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { ServerEvent, SideContext } from "../../../canonical/realtime-events.ts";
import { addUsage, type Usage } from "../../../canonical/usage.ts";
import { camelFields, readList, readObject, readString } from "../read.ts";
import { decodeLiveUsage } from "./live-usage.ts";
import { rateOf } from "../media-type.ts";
import { isRate } from "./turns.ts";
import { CONTENT_FIELDS, MESSAGE_FIELDS, PART_FIELDS } from "./wire.ts";

type Status = Extract<ServerEvent, { type: "response_done" }>["status"];

/** Where a chunk of speech does not tell its rate. */
const RATE = 24_000;

/** Decodes what the Live API says, and knows which answer is under way. */
export class LiveListener {
  /** The model is at an answer. */
  isSpeaking = false;
  /** An answer was asked for and has not begun. */
  isAsked = false;
  /** Calls whose results the model waits for: names by id. */
  readonly calls = new Map<string, string>();
  /** Calls that the model has taken back. */
  readonly cancelled = new Set<string>();
  private readonly context: SideContext;
  /** Of the answer under way. */
  private usage: Usage | null = null;
  /** An answer that was broken off still says that its turn is complete. */
  private isBrokenOff = false;

  constructor(context: SideContext) {
    this.context = context;
  }

  take(wire: JsonObject, heard: ServerEvent[]): void {
    const message = camelFields(wire, MESSAGE_FIELDS);
    this.takeUsage(message["usageMetadata"]);
    this.takeActivity(readObject(message, "voiceActivity"), heard);
    const content = readObject(message, "serverContent");
    if (content !== undefined) this.takeContent(camelFields(content, CONTENT_FIELDS), heard);
    this.takeCalls(readObject(message, "toolCall"), heard);
    this.takeCancellation(readObject(message, "toolCallCancellation"), heard);
    const leaving = readObject(message, "goAway");
    if (leaving !== undefined) heard.push({ type: "closing", timeLeft: readString(leaving, "timeLeft") ?? "" });
    if (this.usage !== null && !this.isSpeaking && !this.isAsked) {
      heard.push({ type: "usage", usage: this.usage });
      this.usage = null;
    }
  }

  private takeUsage(wire: Json | undefined): void {
    const usage = wire === undefined ? null : decodeLiveUsage(wire);
    if (usage === null) return;
    if (this.usage === null) this.usage = usage;
    else {
      delete this.usage.raw;
      addUsage(this.usage, usage);
    }
  }

  /** Only some callers are sent these: https://ai.google.dev/api/live */
  private takeActivity(activity: JsonObject | undefined, heard: ServerEvent[]): void {
    const type = activity === undefined ? undefined : readString(activity, "voiceActivityType");
    if (type === "ACTIVITY_START") heard.push({ type: "speech_started" });
    if (type === "ACTIVITY_END") heard.push({ type: "speech_stopped" });
  }

  private takeContent(content: JsonObject, heard: ServerEvent[]): void {
    const spoken = readObject(content, "inputTranscription");
    if (spoken !== undefined) {
      const text = readString(spoken, "text") ?? "";
      heard.push({ type: "input_transcript", text, isFinal: spoken["finished"] === true });
    }
    const turn = readObject(content, "modelTurn");
    for (const part of (turn === undefined ? undefined : readList(turn, "parts")) ?? []) this.takePart(part, heard);
    const transcript = readObject(content, "outputTranscription");
    const text = transcript === undefined ? "" : (readString(transcript, "text") ?? "");
    if (text !== "") this.say({ type: "transcript", text }, heard);
    if (content["generationComplete"] === true && this.isSpeaking) heard.push({ type: "content_done" });
    if (content["interrupted"] === true) this.breakOff(heard);
    if (content["turnComplete"] === true) this.complete(readString(content, "turnCompleteReason"), heard);
  }

  /** Thoughts, and what the provider's own tools do, have no place in the other protocols. */
  private takePart(entry: Json, heard: ServerEvent[]): void {
    if (!isJsonObject(entry) || entry["thought"] === true) return;
    const part = camelFields(entry, PART_FIELDS);
    const text = readString(part, "text");
    if (text !== undefined && text !== "") return this.say({ type: "text", text }, heard);
    const blob = readObject(part, "inlineData");
    if (blob === undefined) return;
    const { mimeType, data } = camelFields(blob, PART_FIELDS);
    const rate = typeof mimeType === "string" && mimeType.startsWith("audio/pcm") ? rateOf(mimeType, RATE) : 0;
    if (typeof data === "string" && isRate(rate)) return this.say({ type: "audio", data, rate }, heard);
    this.context.warn("dropped_content", "modelTurn", "media that is no sound was left out");
  }

  private say(event: ServerEvent, heard: ServerEvent[]): void {
    this.isSpeaking = true;
    this.isAsked = false;
    this.isBrokenOff = false;
    heard.push(event);
  }

  private breakOff(heard: ServerEvent[]): void {
    if (this.isSpeaking) this.end("interrupted", heard);
    else heard.push({ type: "speech_started" });
    this.isBrokenOff = true;
  }

  /** An answer that was asked for and turned out empty is one, too. */
  private complete(reason: string | undefined, heard: ServerEvent[]): void {
    if (this.isBrokenOff) {
      this.isBrokenOff = false;
      return;
    }
    const isRefused = reason !== undefined && !HARMLESS.has(reason);
    if (this.isSpeaking || this.isAsked || isRefused) this.end(isRefused ? "filtered" : "completed", heard);
  }

  private end(status: Status, heard: ServerEvent[]): void {
    heard.push({ type: "response_done", status, usage: this.usage });
    this.usage = null;
    this.isSpeaking = false;
    if (status !== "interrupted") this.isAsked = false;
  }

  /** The model waits for the results: its answer is over for now. */
  private takeCalls(wire: JsonObject | undefined, heard: ServerEvent[]): void {
    const calls =
      wire === undefined ? undefined : (readList(wire, "functionCalls") ?? readList(wire, "function_calls"));
    for (const call of calls ?? []) {
      if (!isJsonObject(call)) continue;
      const name = readString(call, "name") ?? "";
      const callId = readString(call, "id") ?? this.context.newId("call_");
      this.calls.set(callId, name);
      heard.push({ type: "tool_call", callId, name, arguments: JSON.stringify(call["args"] ?? {}) });
    }
    if (calls !== undefined && calls.length > 0) this.end("completed", heard);
  }

  private takeCancellation(wire: JsonObject | undefined, heard: ServerEvent[]): void {
    const ids = (wire === undefined ? undefined : readList(wire, "ids")) ?? [];
    const callIds = ids.filter((id) => typeof id === "string");
    for (const id of callIds) if (this.calls.delete(id)) this.cancelled.add(id);
    if (callIds.length > 0) heard.push({ type: "tool_calls_cancelled", callIds });
  }
}

const HARMLESS: ReadonlySet<string> = new Set(["TURN_COMPLETE_REASON_UNSPECIFIED", "NEED_MORE_INPUT"]);
