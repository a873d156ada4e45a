import type { Citation, Part } from "../../canonical/content.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Item, ToolCallItem } from "../../canonical/request.ts";
import type { ChatResponse } from "../../canonical/response.ts";
import { decodeFile } from "./decode-file.ts";
import { faultToError } from "./errors.ts";
import { decodeFinish } from "./finish-reason.ts";
import { decodeState } from "./provider-state.ts";
import { decodeUsage } from "./usage.ts";
import { AI_GATEWAY, fieldsBeside, objectOf, objectsOf, textOf } from "./wire.ts";

const TAKEN: ReadonlySet<string> = new Set(["content", "finishReason", "usage", "warnings", "response", "request"]);

/** Decodes a whole answer (`LanguageModelV3GenerateResult`, and version 2's). Throws `provider_protocol_error` for anything else. */
export function decodeResponse(body: Json): ChatResponse {
  if (!isJsonObject(body)) throw new GatewayError("provider_protocol_error", "the answer is not a JSON object");
  if (body["error"] != null) throw faultToError(body["error"]);
  const { content } = body;
  if (!Array.isArray(content)) throw new GatewayError("provider_protocol_error", "the answer has no content");
  const { reason, raw } = decodeFinish(body["finishReason"]);
  const usage = decodeUsage(body["usage"]);
  const rest = fieldsBeside(body, TAKEN);
  const about = objectOf(body["response"]);
  return {
    id: textOf(about?.["id"]) ?? "",
    model: textOf(about?.["modelId"]) ?? "",
    createdAt: secondsOf(about?.["timestamp"]),
    candidates: [
      {
        index: 0,
        items: itemsOf(objectsOf(content)),
        finishReason: reason,
        ...(raw !== undefined && { rawFinishReason: raw }),
      },
    ],
    ...(usage !== undefined && { usage }),
    ...(rest !== undefined && { extensions: { [AI_GATEWAY]: rest } }),
  };
}

/** Unix seconds; 0 when it is no time. */
export function secondsOf(value: Json | undefined): number {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isFinite(time) ? Math.floor(time / 1000) : 0;
}

function itemsOf(content: readonly JsonObject[]): Item[] {
  const items: Item[] = [];
  for (const part of content) addItem(part, items);
  return items;
}

function addItem(part: JsonObject, items: Item[]): void {
  switch (part["type"]) {
    case "text":
      return say(items, decodeText(part));
    case "file": {
      const file = decodeFile(part);
      return file === undefined ? undefined : say(items, file);
    }
    case "source":
      return cite(items, decodeSource(part));
    case "reasoning":
      return void items.push(decodeReasoning(part));
    case "tool-call":
      if (part["providerExecuted"] !== true) return void items.push(decodeCall(part));
  }
  items.push({ type: "opaque", dialect: AI_GATEWAY, role: "assistant", value: part });
}

function say(items: Item[], part: Part): void {
  const last = items.at(-1);
  if (last?.type === "message") last.content.push(part);
  else items.push({ type: "message", role: "assistant", content: [part] });
}

/** A source stands for the words before it. */
function cite(items: Item[], citation: Citation): void {
  const message = items.findLast((item) => item.type === "message");
  const part = message?.content.findLast((each) => each.type === "text");
  if (part !== undefined) (part.citations ??= []).push(citation);
  else say(items, { type: "text", text: "", citations: [citation] });
}

function decodeText(part: JsonObject): Part {
  const opaque = decodeState(objectOf(part["providerMetadata"]));
  return { type: "text", text: textOf(part["text"]) ?? "", ...(opaque !== undefined && { opaque }) };
}

function decodeReasoning(part: JsonObject): Item {
  const opaque = decodeState(objectOf(part["providerMetadata"]));
  const text = textOf(part["text"]) ?? "";
  const isSummary = opaque?.maker === "openai-responses";
  return {
    type: "reasoning",
    summary: isSummary && text !== "" ? [text] : [],
    text: isSummary ? "" : text,
    ...(opaque !== undefined && { opaque }),
  };
}

/** A `tool-call`, whose input is JSON text. */
export function decodeCall(part: JsonObject): ToolCallItem {
  const opaque = decodeState(objectOf(part["providerMetadata"]));
  const { input } = part;
  return {
    type: "tool_call",
    callId: textOf(part["toolCallId"]) ?? `call_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`,
    name: textOf(part["toolName"]) ?? "",
    kind: "function",
    arguments: typeof input === "string" ? input : JSON.stringify(input ?? {}),
    ...(opaque !== undefined && { opaque }),
  };
}

export function decodeSource(part: JsonObject): Citation {
  const url = textOf(part["url"]);
  const title = textOf(part["title"]);
  return {
    type: url === undefined ? "document" : "url",
    ...(url !== undefined && { url }),
    ...(title !== undefined && { title }),
    raw: { dialect: AI_GATEWAY, value: part },
  };
}
