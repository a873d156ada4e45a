import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { RealtimeAudio, RealtimeItem, RealtimePart, SideContext } from "../../../canonical/realtime-events.ts";
import { camelFields, readList, readObject, readString } from "../read.ts";
import { rateOf } from "../media-type.ts";
import { isRate } from "./turns.ts";
import { PART_FIELDS } from "./wire.ts";

/** What the API takes samples for that do not tell their rate. */
const USUAL_RATE = 16_000;

/** Decodes one Content of a client: its text and media as one message, each call and result an item of its own. */
export function decodeTurn(wire: JsonObject, context: SideContext): RealtimeItem[] {
  const role = wire["role"] === "model" ? "assistant" : "user";
  const items: RealtimeItem[] = [];
  const parts: RealtimePart[] = [];
  for (const entry of readList(wire, "parts") ?? []) {
    if (!isJsonObject(entry) || entry["thought"] === true) continue;
    const part = camelFields(entry, PART_FIELDS);
    const item = itemOf(part, context);
    if (item !== undefined) items.push(item);
    else addPart(part, parts, context);
  }
  if (parts.length > 0) items.unshift({ type: "message", role, parts });
  return items;
}

function itemOf(part: JsonObject, context: SideContext): RealtimeItem | undefined {
  const call = readObject(part, "functionCall");
  if (call !== undefined) {
    const callId = readString(call, "id") ?? context.newId("call_");
    const text = JSON.stringify(call["args"] ?? {});
    return { type: "tool_call", callId, name: readString(call, "name") ?? "", arguments: text };
  }
  const result = readObject(part, "functionResponse");
  return result === undefined ? undefined : decodeResult(result, readString(result, "id") ?? "");
}

/** Decodes a FunctionResponse, of the call with this id. */
export function decodeResult(wire: JsonObject, callId: string): RealtimeItem {
  const name = readString(wire, "name");
  return { type: "tool_result", callId, ...(name !== undefined && { name }), output: wire["response"] ?? {} };
}

function addPart(part: JsonObject, parts: RealtimePart[], context: SideContext): void {
  const text = readString(part, "text");
  if (text !== undefined) return void parts.push({ type: "text", text });
  const media = mediaOf(readObject(part, "inlineData"));
  if (media !== undefined) return void parts.push(media);
  context.warn("dropped_content", "clientContent.turns", "a part that is neither text, sound nor image was left out");
}

/** Decodes a Blob: samples, or an image; undefined for others. */
export function mediaOf(wire: Json | undefined): RealtimePart | undefined {
  if (!isJsonObject(wire)) return undefined;
  const { mimeType, data } = camelFields(wire, PART_FIELDS);
  if (typeof mimeType !== "string" || typeof data !== "string") return undefined;
  if (mimeType.startsWith("image/")) return { type: "image", mediaType: mimeType, data };
  return mimeType.startsWith("audio/pcm") ? { type: "audio", ...samplesOf(mimeType, data) } : undefined;
}

function samplesOf(mimeType: string, data: string): RealtimeAudio {
  const rate = rateOf(mimeType, USUAL_RATE);
  if (isRate(rate)) return { data, rate };
  const text = `${mimeType.slice(0, 100)}: take 8000, 16000, 24000, 44100 or 48000 samples a second`;
  throw new GatewayError("invalid_request", text, { param: "mimeType" });
}
