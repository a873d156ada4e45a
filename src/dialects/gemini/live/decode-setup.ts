import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { RealtimeTool, SessionConfig, SideContext, TurnDetection } from "../../../canonical/realtime-events.ts";
import { decodeTools } from "../decode-tools.ts";
import { camelFields, readList, readNumber, readObject, readString } from "../read.ts";
import { DETECTION_FIELDS, GENERATION_FIELDS, SETUP_FIELDS, VOICE_FIELDS } from "./wire.ts";

const SETUP_TAKEN: ReadonlySet<string> = new Set([
  "model",
  "generationConfig",
  "systemInstruction",
  "tools",
  "realtimeInputConfig",
  "inputAudioTranscription",
  "outputAudioTranscription",
]);

/** Decodes `BidiGenerateContentSetup`; what other protocols have no word for becomes a warning. */
export function decodeSetup(wire: JsonObject, context: SideContext): SessionConfig {
  const setup = camelFields(wire, SETUP_FIELDS);
  for (const key of Object.keys(setup)) {
    if (SETUP_TAKEN.has(key) || setup[key] == null) continue;
    context.warn("unsupported_field", `setup.${key}`, "the provider of this session has no such thing");
  }
  const config: SessionConfig = { output: "audio", outputTranscript: setup["outputAudioTranscription"] != null };
  const instructions = textOfContent(setup["systemInstruction"]);
  if (instructions !== "") config.instructions = instructions;
  const tools = toolsOf(setup["tools"], context);
  if (tools.length > 0) config.tools = tools;
  decodeGeneration(readObject(setup, "generationConfig") ?? {}, config, context);
  config.turns = decodeTurns(readObject(setup, "realtimeInputConfig") ?? {}, context);
  const transcription = readObject(setup, "inputAudioTranscription");
  if (transcription !== undefined) config.inputTranscript = languageOf(transcription);
  return config;
}

function textOfContent(content: Json | undefined): string {
  if (typeof content === "string") return content;
  const parts = isJsonObject(content) ? (readList(content, "parts") ?? []) : [];
  const texts = parts.map((part) => (isJsonObject(part) ? readString(part, "text") : undefined));
  return texts.filter((text) => text !== undefined).join("\n\n");
}

function toolsOf(wire: Json | undefined, context: SideContext): RealtimeTool[] {
  const found: RealtimeTool[] = [];
  for (const tool of decodeTools(wire).tools) {
    if (tool.type !== "function") {
      context.warn("unsupported_tool", "setup.tools", "a tool that is no function was left out");
      continue;
    }
    const { name, description, parameters } = tool;
    found.push({
      name,
      ...(description !== undefined && { description }),
      ...(parameters !== undefined && { parameters }),
    });
  }
  return found;
}

function decodeGeneration(wire: JsonObject, config: SessionConfig, context: SideContext): void {
  const generation = camelFields(wire, GENERATION_FIELDS);
  for (const key of Object.keys(generation)) {
    if (GENERATION_FIELDS.has(key) || generation[key] == null) continue;
    context.warn(
      "unsupported_field",
      `setup.generationConfig.${key}`,
      "the provider of this session has no such thing",
    );
  }
  if (readList(generation, "responseModalities")?.includes("TEXT") === true) config.output = "text";
  const maxOutputTokens = readNumber(generation, "maxOutputTokens");
  if (maxOutputTokens !== undefined) config.maxOutputTokens = maxOutputTokens;
  const temperature = readNumber(generation, "temperature");
  if (temperature !== undefined) config.temperature = temperature;
  const voice = voiceOf(readObject(generation, "speechConfig"));
  if (voice !== undefined) config.voice = voice;
}

function voiceOf(speech: JsonObject | undefined): string | undefined {
  let wire = speech;
  for (const key of ["voiceConfig", "prebuiltVoiceConfig"]) {
    wire = wire === undefined ? undefined : readObject(camelFields(wire, VOICE_FIELDS), key);
  }
  return wire === undefined ? undefined : readString(camelFields(wire, VOICE_FIELDS), "voiceName");
}

function languageOf(wire: JsonObject): { language?: string } {
  const [language] = readList(camelFields(wire, VOICE_FIELDS), "languageCodes") ?? [];
  // Other protocols take the language alone (ISO 639-1), not with its region.
  return typeof language === "string" ? { language: language.split("-")[0] ?? language } : {};
}

function decodeTurns(wire: JsonObject, context: SideContext): TurnDetection {
  const input = camelFields(wire, DETECTION_FIELDS);
  if (input["turnCoverage"] != null)
    context.warn("unsupported_field", "setup.realtimeInputConfig.turnCoverage", "the provider decides on it");
  const interrupts = input["activityHandling"] === "NO_INTERRUPTION" ? { interrupts: false } : {};
  const detection = camelFields(readObject(input, "automaticActivityDetection") ?? {}, DETECTION_FIELDS);
  if (detection["disabled"] === true) return { mode: "manual", ...interrupts };
  const turns: TurnDetection = { mode: "server", ...interrupts };
  const start = detection["startOfSpeechSensitivity"];
  if (start === "START_SENSITIVITY_HIGH") turns.threshold = 0.4;
  if (start === "START_SENSITIVITY_LOW") turns.threshold = 0.7;
  if (detection["endOfSpeechSensitivity"] != null)
    context.warn("unsupported_field", "endOfSpeechSensitivity", "set silenceDurationMs instead");
  const prefixMs = readNumber(detection, "prefixPaddingMs");
  if (prefixMs !== undefined) turns.prefixMs = prefixMs;
  const silenceMs = readNumber(detection, "silenceDurationMs");
  if (silenceMs !== undefined) turns.silenceMs = silenceMs;
  return turns;
}
