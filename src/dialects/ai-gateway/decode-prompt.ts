import type { CacheMarker, Extensions, Part } from "../../canonical/content.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Item } from "../../canonical/request.ts";
import { decodeFile } from "./decode-file.ts";
import { decodeOutput } from "./decode-output.ts";
import { decodeCache, decodeState } from "./provider-state.ts";
import { AI_GATEWAY, objectOf, textOf } from "./wire.ts";

/** Decodes `prompt` (`LanguageModelV3Prompt` of @ai-sdk/provider, and those of versions 2 and 4). */
export function decodePrompt(prompt: Json | undefined): Item[] {
  if (!Array.isArray(prompt)) throw refusal("prompt", "must be a list of messages");
  const items: Item[] = [];
  for (const [at, message] of prompt.entries()) {
    if (!isJsonObject(message)) throw refusal(`prompt[${at}]`, "must be an object");
    decodeMessage(message, `prompt[${at}]`, items);
  }
  return items;
}

function refusal(param: string, what: string): GatewayError {
  return new GatewayError("invalid_request", `${param} ${what}`, { param });
}

function decodeMessage(message: JsonObject, param: string, items: Item[]): void {
  const { role, content } = message;
  if (role !== "system" && role !== "user" && role !== "assistant" && role !== "tool") {
    throw refusal(`${param}.role`, "must be system, user, assistant or tool");
  }
  const options = objectOf(message["providerOptions"]);
  const parts = typeof content === "string" ? [{ type: "text", text: content }] : content;
  if (!Array.isArray(parts)) throw refusal(`${param}.content`, role === "system" ? "must be a text" : "must be a list");
  const before = items.length;
  for (const [at, part] of parts.entries()) {
    if (!isJsonObject(part)) throw refusal(`${param}.content[${at}]`, "must be an object");
    decodePart(part, role, `${param}.content[${at}]`, items, before);
  }
  markLast(items, before, decodeCache(options));
  const first = items[before];
  if (options !== undefined && first?.type === "message") first.extensions = kept(options);
}

const kept = (providerOptions: JsonObject): Extensions => ({ [AI_GATEWAY]: { providerOptions } });

/** A message's own marker stands at its end. */
function markLast(items: Item[], before: number, cache: CacheMarker | undefined): void {
  const last = items.length > before ? items.at(-1) : undefined;
  if (cache === undefined || last === undefined) return;
  if (last.type === "tool_call" || last.type === "tool_result") last.cache ??= cache;
  const part = last.type === "message" ? last.content.at(-1) : undefined;
  if (part !== undefined && part.type !== "refusal") part.cache ??= cache;
}

type Role = "system" | "user" | "assistant" | "tool";

function decodePart(part: JsonObject, role: Role, param: string, items: Item[], before: number): void {
  switch (part["type"]) {
    case "text":
      return say(items, before, role, textPart(part));
    case "file": {
      const file = decodeFile(part);
      if (file === undefined) throw refusal(`${param}.data`, "must be a URL or base64");
      return say(items, before, role, file);
    }
    case "reasoning":
      return void items.push(reasoning(part));
    case "tool-call":
      return void items.push(toolCall(part, param));
    case "tool-result":
      return void items.push(decodeOutput(part, param));
    default:
      items.push({ type: "opaque", dialect: AI_GATEWAY, role: role === "assistant" ? role : "user", value: part });
  }
}

/** Words of one message in a row are one item. */
function say(items: Item[], before: number, role: Role, part: Part): void {
  const last = items.length > before ? items.at(-1) : undefined;
  if (last?.type === "message") last.content.push(part);
  else items.push({ type: "message", role: role === "tool" ? "user" : role, content: [part] });
}

function textPart(part: JsonObject): Part {
  const options = objectOf(part["providerOptions"]);
  const cache = decodeCache(options);
  const opaque = decodeState(options);
  const text = part["text"];
  return {
    type: "text",
    text: typeof text === "string" ? text : "",
    ...(cache !== undefined && { cache }),
    ...(opaque !== undefined && { opaque }),
    ...(options !== undefined && { extensions: kept(options) }),
  };
}

function reasoning(part: JsonObject): Item {
  const options = objectOf(part["providerOptions"]);
  const opaque = decodeState(options);
  const text = textOf(part["text"]) ?? "";
  const isSummary = opaque?.maker === "openai-responses";
  return {
    type: "reasoning",
    summary: isSummary && text !== "" ? [text] : [],
    text: isSummary ? "" : text,
    ...(opaque?.id !== undefined && { id: opaque.id }),
    ...(opaque !== undefined && { opaque }),
    ...(options !== undefined && { extensions: kept(options) }),
  };
}

function toolCall(part: JsonObject, param: string): Item {
  if (part["providerExecuted"] === true) return { type: "opaque", dialect: AI_GATEWAY, role: "assistant", value: part };
  const callId = textOf(part["toolCallId"]);
  const name = textOf(part["toolName"]);
  if (callId === undefined) throw refusal(`${param}.toolCallId`, "must be a text");
  if (name === undefined) throw refusal(`${param}.toolName`, "must be a text");
  const options = objectOf(part["providerOptions"]);
  const opaque = decodeState(options);
  const cache = decodeCache(options);
  const { input } = part;
  return {
    type: "tool_call",
    callId,
    name,
    kind: "function",
    arguments: typeof input === "string" ? input : JSON.stringify(input ?? {}),
    ...(opaque !== undefined && { opaque }),
    ...(cache !== undefined && { cache }),
    ...(options !== undefined && { extensions: kept(options) }),
  };
}
