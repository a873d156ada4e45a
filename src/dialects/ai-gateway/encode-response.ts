import type { ReplyContext } from "../../canonical/dialect.ts";
import type { Citation, Part } from "../../canonical/content.ts";
import { isoTime } from "../../canonical/iso-time.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, Item, ReasoningItem, ToolCallItem } from "../../canonical/request.ts";
import type { Candidate, ChatResponse } from "../../canonical/response.ts";
import type { Warning } from "../../canonical/warning.ts";
import { encodeMade } from "./encode-file.ts";
import { encodeFinish } from "./finish-reason.ts";
import { encodeState } from "./provider-state.ts";
import { encodeUsage } from "./usage.ts";
import { AI_GATEWAY, numberOf, versionOf, type Version } from "./wire.ts";

/** The version that the client speaks. */
export function clientVersion({ extensions }: ChatRequest): Version {
  return versionOf(numberOf(extensions[AI_GATEWAY]?.["version"]));
}

/** Encodes a whole answer: its first candidate, for the wire has one (`LanguageModelV3GenerateResult`). */
export function encodeResponse(response: ChatResponse, reply: ReplyContext): JsonObject {
  const { id, model, createdAt, usage, extensions } = response;
  const candidate: Candidate = response.candidates[0] ?? { index: 0, items: [], finishReason: "stop" };
  const version = clientVersion(reply.request);
  return {
    content: candidate.items.flatMap((item) => encodeItem(item, version)),
    finishReason: encodeFinish(candidate.finishReason, candidate.rawFinishReason, version),
    usage: encodeUsage(usage, version),
    warnings: encodeWarnings(reply.warnings ?? [], version),
    response: {
      id: id === "" ? reply.requestId : id,
      modelId: model === "" ? reply.model : model,
      timestamp: isoTime(createdAt === 0 ? reply.createdAt : createdAt),
    },
    ...extensions?.[AI_GATEWAY],
  };
}

/** Warnings as the AI SDK shows them to its user. */
export function encodeWarnings(warnings: readonly Warning[], version: Version): JsonObject[] {
  return warnings.map(({ field, message }) =>
    version === 2
      ? { type: "other", message: `${field}: ${message}` }
      : { type: "compatibility", feature: field, details: message },
  );
}

function encodeItem(item: Item, version: Version): JsonObject[] {
  switch (item.type) {
    case "message":
      return item.content.flatMap((part) => encodePart(part, version));
    case "reasoning":
      return [encodeReasoning(item)];
    case "tool_call":
      return [encodeCall(item)];
    case "opaque":
      return item.dialect === AI_GATEWAY ? [item.value] : [];
    default:
      return [];
  }
}

function encodePart(part: Part, version: Version): JsonObject[] {
  if (part.type === "text") {
    const text = { type: "text", text: part.text, ...(part.opaque && { providerMetadata: encodeState(part.opaque) }) };
    return [text, ...(part.citations ?? []).map((citation, at) => encodeCitation(citation, `source-${at}`))];
  }
  if (part.type === "refusal") return [{ type: "text", text: part.text }];
  if (part.type === "opaque") return part.dialect === AI_GATEWAY ? [part.value] : [];
  const made = encodeMade(part, version);
  return made === undefined ? [] : [made];
}

function encodeReasoning({ text, summary, opaque }: ReasoningItem): JsonObject {
  const words = text === "" ? summary.join("\n\n") : text;
  return { type: "reasoning", text: words, ...(opaque !== undefined && { providerMetadata: encodeState(opaque) }) };
}

/** A call's input is JSON text; free text is a JSON string. */
export function encodeCall({ callId, name, kind, arguments: text, opaque }: ToolCallItem): JsonObject {
  const input = kind === "custom" ? JSON.stringify(text) : text === "" ? "{}" : text;
  return {
    type: "tool-call",
    toolCallId: callId,
    toolName: name,
    input,
    ...(opaque !== undefined && { providerMetadata: encodeState(opaque) }),
  };
}

/** A source: the web's has an address, another a title. */
export function encodeCitation({ url, title, raw }: Citation, id: string): JsonObject {
  if (raw?.dialect === AI_GATEWAY) return raw.value;
  if (url !== undefined) return { type: "source", sourceType: "url", id, url, ...(title !== undefined && { title }) };
  return { type: "source", sourceType: "document", id, mediaType: "text/plain", title: title ?? "" };
}
