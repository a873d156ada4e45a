import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { RefusedRequest } from "./faults.ts";

/** A message as far as the simulation looks at it. */
export interface DemoMessage {
  role: string;
  text: string;
  /** What it carries beside text, in words. */
  media: string[];
  /** Tool messages: the call that is answered. */
  toolCallId: string | null;
  /** Assistant messages: names of called tools, by call id. */
  calls: Record<string, string>;
}

const ROLES = new Set(["system", "developer", "user", "assistant", "tool", "function"]);

/** Reads the messages; throws `RefusedRequest` when there are none or one has no known role. */
export function readMessages(value: Json | undefined): DemoMessage[] {
  if (!Array.isArray(value)) throw new RefusedRequest("Missing required parameter: 'messages'.", "messages");
  if (value.length === 0)
    throw new RefusedRequest("Invalid 'messages': empty array.", "messages", { code: "empty_array" });
  return value.map(readMessage);
}

function readMessage(value: Json, place: number): DemoMessage {
  const role = isJsonObject(value) ? value["role"] : undefined;
  if (!isJsonObject(value) || typeof role !== "string" || !ROLES.has(role)) {
    throw new RefusedRequest(`Invalid 'messages[${place}].role'.`, `messages[${place}].role`, {
      code: "invalid_value",
    });
  }
  const { content, tool_call_id: callId } = value;
  const parts = Array.isArray(content) ? content.filter(isJsonObject) : [];
  return {
    role,
    text:
      typeof content === "string"
        ? content
        : parts
            .map(readText)
            .filter((text) => text !== "")
            .join("\n"),
    media: parts.flatMap(describeMedia),
    toolCallId: typeof callId === "string" ? callId : null,
    calls: readCalls(value["tool_calls"]),
  };
}

function readText(part: JsonObject): string {
  return part["type"] === "text" && typeof part["text"] === "string" ? part["text"] : "";
}

function readCalls(value: Json | undefined): Record<string, string> {
  const calls = Array.isArray(value) ? value.filter(isJsonObject) : [];
  return Object.fromEntries(
    calls.map((call) => {
      const called = call["function"] ?? call["custom"];
      return [fieldOf(call, "id"), fieldOf(called, "name") || "A tool"];
    }),
  );
}

const MEDIA: Record<string, (part: JsonObject) => string> = {
  image_url: (part) => `an image (${describeUrl(fieldOf(part["image_url"], "url"))})`,
  input_audio: (part) => {
    const data = fieldOf(part["input_audio"], "data");
    return `audio (${fieldOf(part["input_audio"], "format") || "no format"}, ${base64Length(data)} bytes)`;
  },
  file: (part) =>
    `a file (${fieldOf(part["file"], "filename") || fieldOf(part["file"], "file_id") || "without a name"})`,
};

function describeMedia(part: JsonObject): string[] {
  const type = fieldOf(part, "type");
  const describe = Object.hasOwn(MEDIA, type) ? MEDIA[type] : undefined;
  return describe === undefined ? [] : [describe(part)];
}

function describeUrl(url: string): string {
  const inline = /^data:([^;,]{0,100})[^,]{0,100},/.exec(url);
  if (inline === null) return url.slice(0, 200);
  return `${inline[1] || "no type"}, ${base64Length(url.slice(inline[0].length))} bytes`;
}

function base64Length(data: string): number {
  const padding = data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0;
  return Math.max(0, Math.floor((data.length * 3) / 4) - padding);
}

function fieldOf(value: Json | undefined, name: string): string {
  const field = isJsonObject(value) ? value[name] : undefined;
  return typeof field === "string" ? field : "";
}
