import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, objectOf, textOf, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { RealtimeItem, RealtimePart } from "../../../canonical/realtime-events.ts";
import { samplesOf, wholeAudio, type AudioFormat } from "./audio-format.ts";

type Role = Extract<RealtimeItem, { type: "message" }>["role"];
const ROLES: ReadonlySet<Json | undefined> = new Set(["user", "assistant", "system"]);

/** Decodes a `ConversationItem`; throws for kinds that only the vendor's service knows. `format`: of sound in it. */
export function decodeItem(item: JsonObject, format: AudioFormat): RealtimeItem {
  const { type, role, call_id: callId } = item;
  if (type === "message" && ROLES.has(role)) {
    const parts = (Array.isArray(item["content"]) ? item["content"] : []).map((part) =>
      decodePart(objectOf(part), format),
    );
    return { type: "message", role: role as Role, parts };
  }
  if (type === "function_call") {
    return {
      type: "tool_call",
      callId: textOf(callId),
      name: textOf(item["name"]),
      arguments: textOf(item["arguments"]),
    };
  }
  if (type === "function_call_output" && typeof callId === "string")
    return { type: "tool_result", callId, output: item["output"] ?? "" };
  throw refuse("item.type", "take messages, function calls and their outputs");
}

function decodePart(part: JsonObject, format: AudioFormat): RealtimePart {
  const { type, text, audio, transcript, image_url: url } = part;
  if (typeof audio === "string" && audio !== "") return { type: "audio", ...samplesOf(audio, format) };
  if (typeof url === "string") return decodeImage(url);
  if (typeof text === "string") return { type: "text", text };
  if (typeof transcript === "string") return { type: "text", text: transcript };
  throw refuse("item.content", `a part of type ${JSON.stringify(type ?? null).slice(0, 60)} cannot be sent`);
}

function decodeImage(url: string): RealtimePart {
  const [, mediaType, data] = /^data:(image\/[\w.+-]+);base64,(.*)$/s.exec(url) ?? [];
  if (mediaType === undefined || data === undefined) throw refuse("item.content", "images must be data URLs in base64");
  return { type: "image", mediaType, data };
}

function refuse(param: string, text: string): GatewayError {
  return new GatewayError("invalid_request", text, { param });
}

/** Encodes an item for the vendor. */
export function encodeItem(item: RealtimeItem): JsonObject {
  if (item.type === "tool_call")
    return { type: "function_call", call_id: item.callId, name: item.name, arguments: item.arguments };
  if (item.type === "tool_result") {
    return { type: "function_call_output", call_id: item.callId, output: resultText(item.output) };
  }
  const { role } = item;
  return { type: "message", role, content: item.parts.map((part) => encodePart(part, role)) };
}

/** The vendor takes a text; protocols that take an object put one under `output`. */
function resultText(output: Json): string {
  if (typeof output === "string") return output;
  const only = isJsonObject(output) && Object.keys(output).length === 1 ? output["output"] : undefined;
  return typeof only === "string" ? only : JSON.stringify(output);
}

function encodePart(part: RealtimePart, role: Role): JsonObject {
  if (part.type === "text") return { type: role === "assistant" ? "output_text" : "input_text", text: part.text };
  if (part.type === "image") return { type: "input_image", image_url: `data:${part.mediaType};base64,${part.data}` };
  return { type: "input_audio", audio: wholeAudio(part) };
}
