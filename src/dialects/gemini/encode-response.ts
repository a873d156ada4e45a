import type { ReplyContext } from "../../canonical/dialect.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Item } from "../../canonical/request.ts";
import type { Candidate, ChatResponse } from "../../canonical/response.ts";
import { CLIENT_CONTEXT } from "./encode-context.ts";
import { encodeGrounding, type CitedText } from "./encode-grounding.ts";
import { encodeReasoning, encodeToolCall } from "./encode-model-items.ts";
import { encodePart } from "./encode-part.ts";
import { encodeFinishReason } from "./finish-reason.ts";
import { encodeLogprobs } from "./logprobs.ts";
import { readObject } from "./read.ts";
import { encodeUsage } from "./usage.ts";
import type { WirePart } from "./wire.ts";

/**
 * Encodes an answer as a GenerateContentResponse. An answer of Gemini comes out as it came; others get the fields that
 * the SDKs read. State of other makers is sealed into `thoughtSignature`.
 */
export function encodeResponse(response: ChatResponse, reply: ReplyContext): JsonObject {
  const kept = response.extensions?.gemini;
  const body: JsonObject = {};
  const candidates = response.candidates.filter((candidate) => candidate.extensions?.gemini?.absent !== true);
  if (candidates.length > 0 || kept === undefined) body.candidates = candidates.map(encodeCandidate);
  if (response.usage !== undefined) body.usageMetadata = encodeUsage(response.usage);
  const model = response.model === "" && kept === undefined ? reply.model : response.model;
  const id = response.id === "" && kept === undefined ? reply.requestId : response.id;
  if (model !== "") body.modelVersion = model;
  if (id !== "") body.responseId = id;
  return Object.assign(body, kept);
}

function encodeCandidate(candidate: Candidate): JsonObject {
  const own = candidate.extensions?.gemini !== undefined;
  const { noIndex, content: shape, ...kept }: JsonObject = { ...candidate.extensions?.gemini };
  const parts: WirePart[] = [];
  const cited: CitedText[] = [];
  for (const item of candidate.items) addItem(item, parts, cited);
  const wire: JsonObject = {};
  const content = encodeContent(parts, shape, own);
  if (content !== undefined) wire.content = content;
  if (!own) wire.finishReason = encodeFinishReason(candidate.finishReason, candidate.rawFinishReason);
  else if (candidate.rawFinishReason !== undefined) wire.finishReason = candidate.rawFinishReason;
  if (noIndex !== true) wire.index = candidate.index;
  if (!own) addSources(candidate, cited, wire);
  return Object.assign(wire, kept);
}

function addSources(candidate: Candidate, cited: readonly CitedText[], wire: JsonObject): void {
  const grounding = encodeGrounding(cited);
  if (grounding !== undefined) wire.groundingMetadata = grounding;
  const logprobs = encodeLogprobs(candidate.logprobs);
  if (logprobs !== undefined) wire.logprobsResult = logprobs;
}

/** `shape`: the content's own fields where they are not `role: model` alone; null when the wire had no content. */
function encodeContent(parts: WirePart[], shape: Json | undefined, own: boolean): JsonObject | undefined {
  if (shape === null && parts.length === 0) return undefined;
  const fields = isJsonObject(shape) ? shape : { role: "model" };
  return parts.length === 0 && own ? fields : { ...fields, parts };
}

function addItem(item: Item, parts: WirePart[], cited: CitedText[]): void {
  switch (item.type) {
    case "message":
      for (const part of item.content) {
        if (part.type === "text") {
          for (const citation of part.citations ?? [])
            cited.push({ partIndex: parts.length, text: part.text, citation });
        }
        parts.push(...encodePart(part, "", CLIENT_CONTEXT));
      }
      return;
    case "reasoning": {
      const thought = encodeReasoning(item, "", CLIENT_CONTEXT);
      if (thought !== undefined) parts.push(thought);
      return;
    }
    case "tool_call":
      parts.push(encodeToolCall(item, "", CLIENT_CONTEXT));
      return;
    case "opaque": {
      const part = item.dialect === "gemini" ? readObject(item.value, "part") : undefined;
      if (part !== undefined) parts.push(part);
      return;
    }
    default:
  }
}
