import { isJsonObject, objectFrom, valueFrom, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { RealtimeItem, RealtimePart } from "../../../canonical/realtime-events.ts";

/** Encodes a part of a message as a Part. */
export function encodeLivePart(part: RealtimePart): JsonObject {
  if (part.type === "text") return { text: part.text };
  const { data } = part;
  return { inlineData: { mimeType: part.type === "audio" ? pcmType(part.rate) : part.mediaType, data } };
}

/** How samples of a rate are named: https://ai.google.dev/gemini-api/docs/live-guide#audio-formats */
export function pcmType(rate: number): string {
  return `audio/pcm;rate=${rate}`;
}

/** Encodes an earlier call of the model as a Part. */
export function encodeLiveCall({
  callId,
  name,
  arguments: text,
}: Extract<RealtimeItem, { type: "tool_call" }>): JsonObject {
  return { functionCall: { id: callId, name, args: objectFrom(text) ?? {} } };
}

/** Encodes a tool's result as a FunctionResponse, whose answer is an object. */
export function encodeLiveResult(callId: string, name: string, output: Json): JsonObject {
  const parsed = typeof output === "string" ? valueFrom(output) : output;
  const response: JsonObject = isJsonObject(parsed) ? parsed : { output: parsed ?? output };
  return { id: callId, name, response };
}

/** True for rates that sound comes in: others would be costly to bring into one of these, or none. */
export function isRate(rate: number): boolean {
  return rate >= 8000 && rate <= 48_000 && rate % 25 === 0;
}
