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
  warnBeside(setup, SETUP_TAKEN, "setup", context);
  const config: SessionConfig = { output: "audio", outputTranscript: setup["outputAudioTranscription"] != null };
  const instructions = textOfContent(setup["systemInstruction"]);
  if (instructions !== "") config.instructions = instructions;
  const tools = toolsOf(setup["tools"], context);
  if (tools.length > 0) config.tools = tools;
  decodeGeneration(readObject(setup, "generationConfig") ?? {}, config, context);
  config.turns = decodeTurns(readObject(setup, "realtimeInputConfig") ?? {}, context);
  const transcription = readObject(setup, "inputAudioTranscription");
  if (transcription !== undefined) config.inputTranscript = languageOf(transcription, context);
  return config;
}

function textOfContent(content: Json | undefined): string {
  if (typeof content === "string") return content;
  const parts = isJsonObject(content) ? (readList(content, "parts") ?? []) : [];
  const texts = parts.map((part) => (isJsonObject(part) ? readString(part, "text") : undefined));
  return texts.filter((text) => text !== undefined).join("\n\n");
}

/** Warns of each field that has a value and is not in `taken`. */
function warnBeside(wire: JsonObject, taken: ReadonlySet<string>, at: string, context: SideContext): void {
  for (const key of Object.keys(wire)) {
    if (taken.has(key) || wire[key] == null) continue;
    context.warn("unsupported_field", `${at}.${key}`, "the provider of this session has no such thing");
  }
}

/** What a function's canonical form holds too, of the fields that are kept of its declaration. */
const DECLARATION_TAKEN: ReadonlySet<string> = new Set(["parameters"]);

function toolsOf(wire: Json | undefined, context: SideContext): RealtimeTool[] {
  const found: RealtimeTool[] = [];
  for (const tool of decodeTools(wire).tools) {
    if (tool.type !== "function") {
      context.warn("unsupported_tool", "setup.tools", "a tool that is no function was left out");
      continue;
    }
    const { name, description, parameters, extensions } = tool;
    warnBeside(extensions?.gemini ?? {}, DECLARATION_TAKEN, "setup.tools.functionDeclarations", context);
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
  warnBeside(generation, GENERATION_FIELDS, "setup.generationConfig", context);
  if (readList(generation, "responseModalities")?.includes("TEXT") === true) config.output = "text";
  const maxOutputTokens = readNumber(generation, "maxOutputTokens");
  if (maxOutputTokens !== undefined) config.maxOutputTokens = maxOutputTokens;
  const temperature = readNumber(generation, "temperature");
  if (temperature !== undefined) config.temperature = temperature;
  const voice = voiceOf(readObject(generation, "speechConfig"), context);
  if (voice !== undefined) config.voice = voice;
}

/** The name, two objects deep; what else stands on the way becomes a warning. */
function voiceOf(speech: JsonObject | undefined, context: SideContext): string | undefined {
  let wire = camelFields(speech ?? {}, VOICE_FIELDS);
  let at = "setup.generationConfig.speechConfig";
  for (const key of ["voiceConfig", "prebuiltVoiceConfig"]) {
    warnBeside(wire, new Set([key]), at, context);
    wire = camelFields(readObject(wire, key) ?? {}, VOICE_FIELDS);
    at += `.${key}`;
  }
  warnBeside(wire, new Set(["voiceName"]), at, context);
  return readString(wire, "voiceName");
}

function languageOf(transcription: JsonObject, context: SideContext): { language?: string } {
  const wire = camelFields(transcription, VOICE_FIELDS);
  const at = "setup.inputAudioTranscription";
  warnBeside(wire, new Set(["languageCodes"]), at, context);
  const [language, ...others] = readList(wire, "languageCodes") ?? [];
  if (others.length > 0)
    context.warn("changed_field", `${at}.languageCodes`, "the provider takes one language: the first was sent");
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
