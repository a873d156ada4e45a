import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, objectFrom, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { ClientEvent, ClientSide, ServerEvent, SideContext } from "../../../canonical/realtime-events.ts";
import { camelFields, readList, readObject, readString } from "../read.ts";
import { decodeSetup } from "./decode-setup.ts";
import { decodeResult, decodeTurn, mediaOf } from "./decode-turn.ts";
import { encodeLiveUsage } from "./live-usage.ts";
import { pcmType } from "./turns.ts";
import { CONTENT_FIELDS, INPUT_FIELDS, MESSAGE_FIELDS } from "./wire.ts";

type Event<T extends ServerEvent["type"]> = Extract<ServerEvent, { type: T }>;

/** A client of the Live API (https://ai.google.dev/api/live) whose session is at a provider of another protocol. */
export class LiveClientSide implements ClientSide {
  private readonly context: SideContext;
  private isConfigured = false;
  private isReady = false;
  private wantsInput = false;
  private wantsOutput = false;
  /** Calls that the client has not answered: names by id. */
  private readonly calls = new Map<string, string>();
  private hasCalled = false;

  constructor(context: SideContext) {
    this.context = context;
  }

  open(): void {}

  decode(wire: JsonObject, said: ClientEvent[]): void {
    const message = camelFields(wire, MESSAGE_FIELDS);
    const setup = readObject(message, "setup");
    if (setup !== undefined) this.setUp(setup, said);
    if (!this.isConfigured)
      throw new GatewayError("invalid_request", "the first message must be 'setup'", { param: "setup" });
    const content = readObject(message, "clientContent");
    if (content !== undefined) this.takeContent(camelFields(content, CONTENT_FIELDS), said);
    const input = readObject(message, "realtimeInput");
    if (input !== undefined) this.takeInput(camelFields(input, INPUT_FIELDS), said);
    const response = readObject(message, "toolResponse");
    if (response !== undefined) this.takeResults(response, said);
  }

  encode(event: ServerEvent, out: string[]): void {
    switch (event.type) {
      case "ready":
        if (!this.isReady) send(out, { setupComplete: {} });
        this.isReady = true;
        return;
      case "text":
        return sayContent(out, { modelTurn: { role: "model", parts: [{ text: event.text }] } });
      case "audio":
        return sendAudio(out, event);
      case "transcript":
        if (this.wantsOutput) sayContent(out, { outputTranscription: { text: event.text } });
        return;
      case "input_transcript":
        return this.inputTranscript(event, out);
      case "tool_call":
        return this.call(event, out);
      case "tool_calls_cancelled":
        for (const id of event.callIds) this.calls.delete(id);
        return send(out, { toolCallCancellation: { ids: event.callIds } });
      case "response_done":
        return this.done(event, out);
      case "usage":
        return send(out, { usageMetadata: encodeLiveUsage(event.usage) });
      case "closing":
        return send(out, { goAway: { timeLeft: event.timeLeft } });
      default:
        // When speech begins and ends, the protocol tells only those that are let.
        return;
    }
  }

  private setUp(setup: JsonObject, said: ClientEvent[]): void {
    if (this.isConfigured) throw new GatewayError("invalid_request", "a session is set up once", { param: "setup" });
    this.isConfigured = true;
    const config = decodeSetup(setup, this.context);
    this.wantsInput = config.inputTranscript != null;
    this.wantsOutput = config.outputTranscript === true;
    said.push({ type: "configure", config });
  }

  private takeContent(content: JsonObject, said: ClientEvent[]): void {
    for (const turn of readList(content, "turns") ?? []) {
      if (!isJsonObject(turn)) continue;
      for (const item of decodeTurn(turn, this.context)) said.push({ type: "item", item });
    }
    if (content["turnComplete"] === true) said.push({ type: "respond" });
  }

  private takeInput(input: JsonObject, said: ClientEvent[]): void {
    if (input["activityStart"] !== undefined) said.push({ type: "speech_start" });
    const chunks = readList(input, "mediaChunks") ?? [];
    for (const blob of [...chunks, input["audio"], input["video"]]) this.takeMedia(blob, said);
    const text = readString(input, "text");
    if (text !== undefined) {
      said.push({ type: "item", item: { type: "message", role: "user", parts: [{ type: "text", text }] } });
      said.push({ type: "respond" });
    }
    if (input["activityEnd"] !== undefined) said.push({ type: "speech_end" });
    if (input["audioStreamEnd"] === true) said.push({ type: "audio_pause" });
  }

  private takeMedia(blob: Json | undefined, said: ClientEvent[]): void {
    if (blob === undefined) return;
    const media = mediaOf(blob);
    if (media === undefined)
      return this.context.warn(
        "dropped_content",
        "realtimeInput",
        "media that is neither sound nor image was left out",
      );
    if (media.type === "audio") return void said.push(media);
    said.push({ type: "item", item: { type: "message", role: "user", parts: [media] } });
  }

  /** The model goes on by itself once every call is answered. */
  private takeResults(wire: JsonObject, said: ClientEvent[]): void {
    let isSilent = true;
    for (const result of readList(wire, "functionResponses") ?? readList(wire, "function_responses") ?? []) {
      if (!isJsonObject(result)) continue;
      const callId = this.callOf(result);
      this.calls.delete(callId);
      if (result["scheduling"] !== "SILENT") isSilent = false;
      said.push({ type: "item", item: decodeResult(result, callId) });
    }
    if (!isSilent && this.calls.size === 0) said.push({ type: "respond" });
  }

  /** Results may name the tool alone. */
  private callOf(result: JsonObject): string {
    const id = readString(result, "id");
    if (id !== undefined && id !== "") return id;
    const name = readString(result, "name");
    for (const [callId, known] of this.calls) if (known === name) return callId;
    throw new GatewayError("invalid_request", "a function response must have the id of its call", { param: "id" });
  }

  private inputTranscript({ text, isFinal }: Event<"input_transcript">, out: string[]): void {
    if (!this.wantsInput) return;
    sayContent(out, { inputTranscription: { text, ...(isFinal && { finished: true }) } });
  }

  private call({ callId, name, arguments: text }: Event<"tool_call">, out: string[]): void {
    this.calls.set(callId, name);
    this.hasCalled = true;
    send(out, { toolCall: { functionCalls: [{ id: callId, name, args: objectFrom(text) ?? {} }] } });
  }

  /** An answer that has called tools is not over before they are answered. */
  private done({ status, usage }: Event<"response_done">, out: string[]): void {
    const usageMetadata = usage === null ? {} : { usageMetadata: encodeLiveUsage(usage) };
    const waits = this.hasCalled && status === "completed";
    this.hasCalled = false;
    if (waits) {
      if (usage !== null) send(out, usageMetadata);
      return;
    }
    const isBroken = status === "interrupted" || status === "cancelled";
    sayContent(out, isBroken ? { interrupted: true } : { generationComplete: true });
    const reason = status === "filtered" ? { turnCompleteReason: "GENERATED_CONTENT_SAFETY" } : {};
    if (status === "incomplete")
      this.context.warn(
        "changed_field",
        "turnComplete",
        "an answer was cut at its most tokens, which the protocol cannot tell",
      );
    send(out, { serverContent: { turnComplete: true, ...reason }, ...usageMetadata });
  }
}

function send(out: string[], message: JsonObject): void {
  out.push(JSON.stringify(message));
}

function sayContent(out: string[], serverContent: JsonObject): void {
  send(out, { serverContent });
}

function sendAudio(out: string[], { data, rate }: Event<"audio">): void {
  const blob = `{"mimeType":"${pcmType(rate)}","data":${JSON.stringify(data)}}`;
  out.push(`{"serverContent":{"modelTurn":{"role":"model","parts":[{"inlineData":${blob}}]}}}`);
}
