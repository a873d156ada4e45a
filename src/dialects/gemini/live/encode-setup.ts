import type { JsonObject } from "../../../canonical/json.ts";
import type { RealtimeTool, SessionConfig, SideContext, TurnDetection } from "../../../canonical/realtime-events.ts";
import { OPENAI_VOICES } from "../../../canonical/voices.ts";
import { adaptSchema } from "../adapt-schema.ts";

/** Encodes a session's configuration as `BidiGenerateContentSetup`: https://ai.google.dev/api/live */
export function encodeSetup(config: SessionConfig, context: SideContext): JsonObject {
  const isAudio = config.output !== "text";
  const { instructions, inputTranscript, outputTranscript } = config;
  const tools = encodeTools(config, context);
  const setup: JsonObject = { model: `models/${context.model}`, generationConfig: generationConfig(config, context) };
  if (instructions !== undefined && instructions !== "")
    setup["systemInstruction"] = { parts: [{ text: instructions }] };
  if (tools.length > 0) setup["tools"] = [{ functionDeclarations: tools }];
  if (config.turns !== undefined) setup["realtimeInputConfig"] = inputConfig(config.turns, context);
  if (inputTranscript != null) setup["inputAudioTranscription"] = transcription(inputTranscript.language);
  if (isAudio && outputTranscript !== false) setup["outputAudioTranscription"] = {};
  return { setup };
}

function generationConfig(config: SessionConfig, context: SideContext): JsonObject {
  const { output, maxOutputTokens, temperature, voice } = config;
  const wire: JsonObject = { responseModalities: [output === "text" ? "TEXT" : "AUDIO"] };
  if (maxOutputTokens != null) wire["maxOutputTokens"] = maxOutputTokens;
  if (temperature !== undefined) wire["temperature"] = temperature;
  if (voice === undefined || output === "text") return wire;
  if (OPENAI_VOICES.has(voice))
    context.warn("changed_field", "voice", `${voice} is a voice of OpenAI: the model's own`);
  else wire["speechConfig"] = { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } } };
  return wire;
}

function transcription(language: string | undefined): JsonObject {
  return language === undefined ? {} : { languageCodes: [language] };
}

/** What no tool may be called with is left out; the protocol has no other choice than the model's. */
function encodeTools({ tools = [], toolChoice = "auto" }: SessionConfig, context: SideContext): JsonObject[] {
  if (toolChoice === "none") return [];
  if (toolChoice !== "auto")
    context.warn("unsupported_field", "tool_choice", "the model chooses whether to call tools");
  return tools.map((tool) => encodeTool(tool, context));
}

function encodeTool({ name, description, parameters }: RealtimeTool, context: SideContext): JsonObject {
  const wire: JsonObject = { name };
  if (description !== undefined) wire["description"] = description;
  if (parameters !== undefined) {
    const field = `tools.${name}.parameters`;
    const adapted = adaptSchema(parameters, (message) => context.warn("changed_field", field, message));
    wire["parametersJsonSchema"] = { type: "object", ...adapted };
  }
  return wire;
}

/** The middle of `threshold`, where speech is as easily heard as usual. */
const USUAL_THRESHOLD = 0.5;

function inputConfig(turns: TurnDetection, context: SideContext): JsonObject {
  const detection = turns.mode === "manual" ? { disabled: true } : encodeDetection(turns, context);
  const wire: JsonObject = { automaticActivityDetection: detection };
  if (turns.interrupts === false) wire["activityHandling"] = "NO_INTERRUPTION";
  return wire;
}

function encodeDetection(turns: Extract<TurnDetection, { mode: "server" }>, context: SideContext): JsonObject {
  const { threshold = USUAL_THRESHOLD, eagerness = "medium", prefixMs, silenceMs } = turns;
  const wire: JsonObject = {};
  if (threshold !== USUAL_THRESHOLD) {
    wire["startOfSpeechSensitivity"] = threshold > USUAL_THRESHOLD ? "START_SENSITIVITY_LOW" : "START_SENSITIVITY_HIGH";
    context.warn("changed_field", "turn_detection.threshold", "sent as one of two degrees of sensitivity");
  }
  if (eagerness !== "medium")
    wire["endOfSpeechSensitivity"] = eagerness === "low" ? "END_SENSITIVITY_LOW" : "END_SENSITIVITY_HIGH";
  if (prefixMs !== undefined) wire["prefixPaddingMs"] = prefixMs;
  if (silenceMs !== undefined) wire["silenceDurationMs"] = silenceMs;
  return wire;
}
