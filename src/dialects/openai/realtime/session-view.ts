import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, objectOf, textOf, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { RealtimeTool, SessionConfig, SideContext, TurnDetection } from "../../../canonical/realtime-events.ts";
import { decodeFormat, encodeFormat, USUAL_FORMAT, type AudioFormat } from "./audio-format.ts";

/** A session as its client sees it: `RealtimeSessionCreateRequest` in the vendor's SDK. */
export interface SessionView {
  id: string;
  model: string;
  instructions: string;
  modality: "audio" | "text";
  voice: string | null;
  tools: Json[];
  toolChoice: Json;
  maxOutputTokens: number | "inf";
  temperature: number | null;
  transcription: JsonObject | null;
  turnDetection: JsonObject | null;
  input: AudioFormat;
  output: AudioFormat;
}

/** What a session is before anybody has said how it is to be. */
export function usualView(id: string, model: string): SessionView {
  return {
    id,
    model,
    instructions: "",
    modality: "audio",
    voice: null,
    tools: [],
    toolChoice: "auto",
    maxOutputTokens: "inf",
    temperature: null,
    transcription: null,
    turnDetection: { type: "server_vad", create_response: true, interrupt_response: true },
    input: USUAL_FORMAT,
    output: USUAL_FORMAT,
  };
}

/** Fields that only the vendor's own service knows, and the values that ask for nothing. */
const UNKNOWN: Readonly<Record<string, readonly Json[]>> = {
  include: [null],
  parallel_tool_calls: [null, true],
  prompt: [null],
  reasoning: [null],
  tracing: [null],
  truncation: [null, "auto"],
};

/** The session after a `session.update`, in today's form or the beta's. Throws for what no session can be. */
export function updatedView(known: SessionView, update: JsonObject, context: SideContext): SessionView {
  if (update["type"] === "transcription" || update["type"] === "translation") throw unsupported("session.type");
  for (const [field, harmless] of Object.entries(UNKNOWN)) {
    const value = update[field];
    if (value === undefined || harmless.includes(value)) continue;
    context.warn("unsupported_field", `session.${field}`, "the provider of this session has no such thing");
  }
  const audio = objectOf(update["audio"]);
  const next = { ...known };
  takeInput(next, { ...betaInput(update), ...objectOf(audio["input"]) }, context);
  takeOutput(next, { ...betaOutput(update), ...objectOf(audio["output"]) }, context);
  takeModel(next, update);
  return next;
}

function betaInput(update: JsonObject): JsonObject {
  return present({
    format: update["input_audio_format"],
    transcription: update["input_audio_transcription"],
    turn_detection: update["turn_detection"],
    noise_reduction: update["input_audio_noise_reduction"],
  });
}

function betaOutput(update: JsonObject): JsonObject {
  return present({ format: update["output_audio_format"], voice: update["voice"], speed: update["speed"] });
}

function present(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function takeInput(view: SessionView, wire: JsonObject, context: SideContext): void {
  const { format, transcription, turn_detection: turns, noise_reduction: noise } = wire;
  if (format != null) view.input = decodeFormat(format, "session.audio.input.format");
  if (transcription !== undefined) view.transcription = takenTranscription(transcription, context);
  if (turns !== undefined) view.turnDetection = isJsonObject(turns) ? turns : null;
  if (noise != null) context.warn("unsupported_field", "session.audio.input.noise_reduction", "the provider has none");
}

function takenTranscription(wire: Json, context: SideContext): JsonObject | null {
  if (!isJsonObject(wire)) return null;
  for (const key of Object.keys(wire)) {
    if (key === "language" || wire[key] == null) continue;
    const field = `session.audio.input.transcription.${key}`;
    if (key === "model") context.warn("changed_field", field, "the provider has its own way to transcribe");
    else context.warn("unsupported_field", field, "the provider has no such thing");
  }
  return wire;
}

function takeOutput(view: SessionView, wire: JsonObject, context: SideContext): void {
  const { format, voice, speed } = wire;
  if (format != null) view.output = decodeFormat(format, "session.audio.output.format");
  const name = isJsonObject(voice) ? voice["id"] : voice;
  if (typeof name === "string") view.voice = name;
  if (speed != null && speed !== 1)
    context.warn("unsupported_field", "session.audio.output.speed", "the provider has one speed");
}

function takeModel(view: SessionView, update: JsonObject): void {
  const { instructions, tools, tool_choice: choice, temperature } = update;
  const modalities = update["output_modalities"] ?? update["modalities"];
  const most = update["max_output_tokens"] ?? update["max_response_output_tokens"];
  if (typeof instructions === "string") view.instructions = instructions;
  if (Array.isArray(modalities)) view.modality = modalities.includes("audio") ? "audio" : "text";
  if (Array.isArray(tools)) view.tools = tools;
  if (choice != null) view.toolChoice = choice;
  if (most === "inf" || typeof most === "number") view.maxOutputTokens = most;
  if (typeof temperature === "number") view.temperature = temperature;
}

/** The session as an object of the vendor's. */
export function encodeView(view: SessionView): JsonObject {
  return {
    type: "realtime",
    object: "realtime.session",
    id: view.id,
    model: view.model,
    output_modalities: [view.modality],
    instructions: view.instructions,
    tools: view.tools,
    tool_choice: view.toolChoice,
    max_output_tokens: view.maxOutputTokens,
    tracing: null,
    prompt: null,
    include: null,
    truncation: "auto",
    audio: {
      input: {
        format: encodeFormat(view.input),
        transcription: view.transcription,
        noise_reduction: null,
        turn_detection: view.turnDetection,
      },
      output: { format: encodeFormat(view.output), ...(view.voice !== null && { voice: view.voice }), speed: 1 },
    },
  };
}

/** The session as other protocols can be told of it. */
export function configOf(view: SessionView, context: SideContext): SessionConfig {
  const { language } = view.transcription ?? {};
  return {
    instructions: view.instructions,
    output: view.modality,
    outputTranscript: true,
    tools: decodeTools(view.tools, context),
    toolChoice: decodeChoice(view.toolChoice),
    maxOutputTokens: view.maxOutputTokens === "inf" ? null : view.maxOutputTokens,
    turns: decodeTurns(view.turnDetection, context),
    inputTranscript:
      view.transcription === null ? null : typeof language === "string" && language !== "" ? { language } : {},
    ...(view.voice !== null && { voice: view.voice }),
    ...(view.temperature !== null && { temperature: view.temperature }),
  };
}

function decodeTools(tools: readonly Json[], context: SideContext): RealtimeTool[] {
  const found: RealtimeTool[] = [];
  for (const tool of tools) {
    const { type, name, description, parameters } = objectOf(tool);
    if (type !== "function" || typeof name !== "string" || name === "") {
      context.warn("unsupported_tool", "session.tools", "a tool that is no function was left out");
      continue;
    }
    found.push({
      name,
      ...(typeof description === "string" && { description }),
      ...(isJsonObject(parameters) && { parameters }),
    });
  }
  return found;
}

function decodeChoice(choice: Json): NonNullable<SessionConfig["toolChoice"]> {
  if (choice === "none" || choice === "required") return choice;
  const name = textOf(objectOf(choice)["name"]);
  return name === "" ? "auto" : { name };
}

function decodeTurns(wire: JsonObject | null, context: SideContext): TurnDetection {
  if (wire === null) return { mode: "manual" };
  const { type, threshold, prefix_padding_ms: prefix, silence_duration_ms: silence, eagerness } = wire;
  if (wire["create_response"] === false)
    context.warn("unsupported_field", "turn_detection.create_response", "the model answers each turn that it hears");
  if (wire["idle_timeout_ms"] != null)
    context.warn("unsupported_field", "turn_detection.idle_timeout_ms", "the provider has no such thing");
  const turns: TurnDetection = { mode: "server" };
  if (wire["interrupt_response"] === false) turns.interrupts = false;
  if (typeof threshold === "number") turns.threshold = threshold;
  if (typeof prefix === "number") turns.prefixMs = Math.round(prefix);
  if (typeof silence === "number") turns.silenceMs = Math.round(silence);
  if (type === "semantic_vad") {
    context.warn("changed_field", "turn_detection.type", "speech is detected as the provider does it");
    if (eagerness === "low" || eagerness === "high") turns.eagerness = eagerness;
  }
  return turns;
}

/** What this protocol has and others have not. */
export function unsupported(param: string): GatewayError {
  return new GatewayError("unsupported_operation", `${param}: the provider of this session has no such thing`, {
    param,
  });
}
