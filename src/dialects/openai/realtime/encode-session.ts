import type { Json, JsonObject } from "../../../canonical/json.ts";
import type { SessionConfig, SideContext, TurnDetection } from "../../../canonical/realtime-events.ts";
import { GEMINI_VOICES } from "../../../canonical/voices.ts";
import { encodeFormat, USUAL_FORMAT } from "./audio-format.ts";

/** Encodes a session's configuration as `RealtimeSessionCreateRequest`. */
export function encodeSession(config: SessionConfig, context: SideContext): JsonObject {
  const { instructions, output, tools, toolChoice, maxOutputTokens, temperature } = config;
  if (temperature !== undefined)
    context.warn("unsupported_field", "temperature", "the provider of this session has one temperature");
  return {
    type: "realtime",
    ...(instructions !== undefined && { instructions }),
    ...(output !== undefined && { output_modalities: [output] }),
    ...(maxOutputTokens !== undefined && { max_output_tokens: maxOutputTokens ?? "inf" }),
    ...(tools !== undefined && { tools: tools.map((tool) => ({ type: "function", ...tool })) }),
    ...(toolChoice !== undefined && { tool_choice: encodeChoice(toolChoice) }),
    audio: { input: encodeInput(config, context), output: encodeOutput(config, context) },
  };
}

function encodeChoice(choice: NonNullable<SessionConfig["toolChoice"]>): Json {
  return typeof choice === "string" ? choice : { type: "function", name: choice.name };
}

function encodeInput({ turns, inputTranscript }: SessionConfig, context: SideContext): JsonObject {
  const wire: JsonObject = { format: encodeFormat(USUAL_FORMAT) };
  if (turns !== undefined) wire["turn_detection"] = encodeTurns(turns);
  if (inputTranscript == null) return wire;
  if (context.transcriber === null) {
    context.warn("unsupported_field", "inputTranscript", "this virtual key may use no model that transcribes");
    return wire;
  }
  wire["transcription"] = { model: context.transcriber, ...inputTranscript };
  return wire;
}

function encodeTurns(turns: TurnDetection): JsonObject | null {
  if (turns.mode === "manual") return null;
  const { threshold, prefixMs, silenceMs, interrupts } = turns;
  return {
    type: "server_vad",
    ...(threshold !== undefined && { threshold }),
    ...(prefixMs !== undefined && { prefix_padding_ms: prefixMs }),
    ...(silenceMs !== undefined && { silence_duration_ms: silenceMs }),
    create_response: true,
    interrupt_response: interrupts !== false,
  };
}

function encodeOutput({ voice, output }: SessionConfig, context: SideContext): JsonObject {
  const wire: JsonObject = { format: encodeFormat(USUAL_FORMAT) };
  if (voice === undefined || output === "text") return wire;
  if (GEMINI_VOICES.has(voice))
    context.warn("changed_field", "voice", `${voice} is a voice of Gemini: the model's own`);
  else wire["voice"] = voice;
  return wire;
}
