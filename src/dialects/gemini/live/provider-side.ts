import { GatewayError } from "../../../canonical/errors.ts";
import { objectOf, type JsonObject } from "../../../canonical/json.ts";
import type {
  ClientEvent,
  ProviderSide,
  RealtimeItem,
  ServerEvent,
  SessionConfig,
  SideContext,
} from "../../../canonical/realtime-events.ts";
import { modelTraits } from "../model-traits.ts";
import { encodeSetup } from "./encode-setup.ts";
import { LiveListener } from "./live-listener.ts";
import { encodeLiveCall, encodeLivePart, encodeLiveResult, pcmType } from "./turns.ts";

type Event<T extends ClientEvent["type"]> = Extract<ClientEvent, { type: T }>;

/**
 * A session at the Live API (https://ai.google.dev/api/live). Its configuration is the first message and holds to the end: it
 * is sent with the first thing that needs it, so that a client may change its mind until then.
 */
export class LiveProviderSide implements ProviderSide {
  waiting = 0;
  private readonly context: SideContext;
  private readonly listener: LiveListener;
  /** Since Gemini 3 turns of a client only seed a session: https://ai.google.dev/gemini-api/docs/live-guide#incremental-updates */
  private readonly takesInputOnly: boolean;
  private config: SessionConfig = {};
  private isSetUp = false;
  /** Messages that wait for `setupComplete`; null: it has come. */
  private queue: string[] | null = [];
  private isSpeaking = false;
  /** Turns that wait for the end of an answer, which they would break off, or for the word to answer them. */
  private turns: JsonObject[] = [];
  private results: JsonObject[] = [];

  constructor(context: SideContext) {
    this.context = context;
    this.listener = new LiveListener(context);
    this.takesInputOnly = modelTraits(context.model).generation >= 3;
  }

  encode(event: ClientEvent, out: string[], heard: ServerEvent[]): void {
    if (event.type === "configure") return this.configure(event.config, heard);
    if (event.type === "cancel") return;
    this.setUp(out);
    switch (event.type) {
      case "audio":
        return this.audio(event, out);
      case "speech_start":
        return this.startSpeech(out);
      case "speech_end":
        return this.endSpeech(out);
      case "audio_pause":
        return this.send({ realtimeInput: { audioStreamEnd: true } }, out);
      case "item":
        return this.add(event.item);
      default:
        return this.respond(out);
    }
  }

  decode(message: JsonObject, heard: ServerEvent[], out: string[]): void {
    if (message["setupComplete"] === undefined && message["setup_complete"] === undefined)
      return this.listener.take(message, heard);
    for (const text of this.queue ?? []) out.push(text);
    this.queue = null;
    this.waiting = 0;
  }

  private configure(config: SessionConfig, heard: ServerEvent[]): void {
    const next = { ...this.config, ...config };
    if (!this.isSetUp || JSON.stringify(next) === JSON.stringify(this.config)) {
      this.config = next;
      heard.push({ type: "ready" });
      return;
    }
    const text = "a session of Gemini cannot be configured anew once it has begun: nothing was changed";
    heard.push({
      type: "error",
      error: new GatewayError("unsupported_operation", text, { param: "session" }),
      isFatal: false,
    });
  }

  private setUp(out: string[]): void {
    if (this.isSetUp) return;
    this.isSetUp = true;
    out.push(JSON.stringify(encodeSetup(this.config, this.context)));
  }

  private audio({ data, rate }: Event<"audio">, out: string[]): void {
    if (this.config.turns?.mode === "manual") this.startSpeech(out);
    if (this.turns.length > 0 && !this.listener.isSpeaking && !this.takesInputOnly) this.sendTurns(false, out);
    this.sendText(`{"realtimeInput":{"audio":{"mimeType":"${pcmType(rate)}","data":${JSON.stringify(data)}}}}`, out);
  }

  private startSpeech(out: string[]): void {
    if (this.isSpeaking) return;
    this.isSpeaking = true;
    this.send({ realtimeInput: { activityStart: {} } }, out);
  }

  /** The end of what the user says is the word to answer it. */
  private endSpeech(out: string[]): void {
    if (!this.isSpeaking) return this.respond(out);
    if (this.turns.length > 0) this.sendTurns(false, out);
    this.isSpeaking = false;
    this.listener.isAsked = true;
    this.send({ realtimeInput: { activityEnd: {} } }, out);
  }

  private add(item: RealtimeItem): void {
    if (item.type === "tool_result") return this.addResult(item);
    if (item.type === "tool_call") {
      this.turns.push({ role: "model", parts: [encodeLiveCall(item)] });
      return;
    }
    if (item.role === "system")
      this.context.warn("changed_field", "item.role", "a system message within the session was sent as the user's");
    this.turns.push({ role: item.role === "assistant" ? "model" : "user", parts: item.parts.map(encodeLivePart) });
  }

  private addResult({ callId, name, output }: Extract<RealtimeItem, { type: "tool_result" }>): void {
    const { calls, cancelled } = this.listener;
    if (cancelled.delete(callId)) {
      this.context.warn("dropped_content", "item", "the result of a call that the model has taken back was left out");
      return;
    }
    const open = calls.get(callId);
    const response = encodeLiveResult(callId, open ?? name ?? callId, output);
    if (calls.delete(callId)) this.results.push(response);
    else this.turns.push({ role: "user", parts: [{ functionResponse: response }] });
  }

  private respond(out: string[]): void {
    this.listener.isAsked = true;
    if (this.results.length === 0)
      return this.takesInputOnly && this.isUserOnly() ? this.input(out) : this.sendTurns(true, out);
    if (this.turns.length > 0) this.sendTurns(false, out);
    this.send({ toolResponse: { functionResponses: this.results.splice(0) } }, out);
  }

  private isUserOnly(): boolean {
    return this.turns.length > 0 && this.turns.every(({ role }) => role === "user");
  }

  /** What the user gives, as it would come live: media first, then the text, which asks for the answer. */
  private input(out: string[]): void {
    const texts: string[] = [];
    for (const part of this.turns.splice(0).flatMap(({ parts }) => (Array.isArray(parts) ? parts : []))) {
      const { text, inlineData } = objectOf(part);
      if (typeof text === "string") texts.push(text);
      const type = objectOf(inlineData)["mimeType"];
      if (typeof type === "string")
        this.send({ realtimeInput: { [type.startsWith("image/") ? "video" : "audio"]: inlineData } }, out);
    }
    this.send({ realtimeInput: { text: texts.join("\n\n") } }, out);
  }

  private sendTurns(turnComplete: boolean, out: string[]): void {
    const turns = this.turns.splice(0);
    this.send({ clientContent: { ...(turns.length > 0 && { turns }), turnComplete } }, out);
  }

  private send(message: JsonObject, out: string[]): void {
    this.sendText(JSON.stringify(message), out);
  }

  private sendText(text: string, out: string[]): void {
    if (this.queue === null) return void out.push(text);
    this.queue.push(text);
    this.waiting += text.length;
  }
}
