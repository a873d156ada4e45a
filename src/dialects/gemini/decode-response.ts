import type { TextPart } from "../../canonical/content.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Item } from "../../canonical/request.ts";
import type { Candidate, ChatResponse } from "../../canonical/response.ts";
import { callPrefix, createCallIds, type CallIds } from "./call-ids.ts";
import { billedSearches, decodeCitations, looseSources, searchQueries } from "./decode-grounding.ts";
import { decodeItems } from "./decode-items.ts";
import { faultError, decodeError } from "./errors.ts";
import { BLOCK_REASONS, decodeBlockReason, decodeFinishReason, FINISH_REASONS } from "./finish-reason.ts";
import { decodeLogprobs, logprobsOf } from "./logprobs.ts";
import { modelTraits } from "./model-traits.ts";
import { camelFields, readEnum, readList, readNumber, readObject, readString, restOf } from "./read.ts";
import { decodeUsage } from "./usage.ts";
import { CANDIDATE_FIELDS, CONTENT_FIELDS, RESPONSE_FIELDS } from "./wire.ts";

const RESPONSE_TAKEN = new Set(["candidates", "modelVersion", "responseId"]);
const CANDIDATE_TAKEN = new Set(["content", "finishReason", "index"]);
const PARTS_TAKEN = new Set(["parts"]);

/** What must be there for a body to be an answer. */
const ANSWER_FIELDS = ["candidates", "promptFeedback", "usageMetadata", "modelVersion", "responseId"] as const;

/**
 * Decodes a GenerateContentResponse (https://ai.google.dev/api/generate-content#generatecontentresponse).
 * `extensions.gemini` keeps what has no canonical name: safety ratings, grounding, prompt feedback, times.
 * A blocked prompt, which has no candidate, becomes an empty candidate with reason `content_filter`.
 * Throws `provider_protocol_error` for anything else, and the fault itself when the body is an error.
 */
export function decodeResponse(wire: Json): ChatResponse {
  const body = answerOf(wire);
  const response: ChatResponse = {
    id: readString(body, "responseId") ?? "",
    model: readString(body, "modelVersion") ?? "",
    createdAt: unixSeconds(readString(body, "createTime")),
    candidates: [],
    extensions: { gemini: restOf(body, RESPONSE_TAKEN) ?? {} },
  };
  const candidates = (readList(body, "candidates") ?? []).filter(isJsonObject);
  const ids = createCallIds(callPrefix(response.id));
  let queries = 0;
  for (const [index, entry] of candidates.entries()) {
    const candidate = camelFields(entry, CANDIDATE_FIELDS);
    queries += searchQueries(candidate).length;
    response.candidates.push(decodeCandidate(candidate, index, ids));
  }
  if (candidates.length === 0) response.candidates.push(absentCandidate(body));
  addUsage(body, queries, response);
  return response;
}

function answerOf(wire: Json): JsonObject {
  if (!isJsonObject(wire)) throw new GatewayError("provider_protocol_error", "the answer is not a JSON object");
  const body = camelFields(wire, RESPONSE_FIELDS);
  if (isJsonObject(body.error)) throw faultError(decodeError(200, wire));
  if (ANSWER_FIELDS.some((field) => body[field] !== undefined)) return body;
  throw new GatewayError("provider_protocol_error", "the answer has neither candidates nor prompt feedback");
}

/** RFC 3339 to Unix seconds; 0 when there is no time. */
export function unixSeconds(time: string | undefined): number {
  const parsed = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(parsed) ? 0 : Math.floor(parsed / 1000);
}

function addUsage(body: JsonObject, queries: number, response: ChatResponse): void {
  const searches = billedSearches(queries, modelTraits(response.model).generation);
  const usage = decodeUsage(body.usageMetadata, searches);
  if (usage === undefined) return;
  response.usage = usage;
  delete response.extensions?.gemini?.usageMetadata;
  const tier = isJsonObject(body.usageMetadata) ? readString(body.usageMetadata, "serviceTier") : undefined;
  if (tier !== undefined) response.serviceTier = tier;
}

function decodeCandidate(candidate: JsonObject, position: number, ids: CallIds): Candidate {
  const items: Item[] = [];
  const content = contentOf(candidate);
  decodeItems((content === undefined ? undefined : readList(content, "parts")) ?? [], "assistant", ids, items);
  const raw = readEnum(candidate, "finishReason", FINISH_REASONS);
  const decoded: Candidate = {
    index: readNumber(candidate, "index") ?? position,
    items,
    finishReason: raw === undefined ? "other" : decodeFinishReason(raw, items.some(isCall)),
  };
  if (raw !== undefined) decoded.rawFinishReason = raw;
  const logprobs = decodeLogprobs(logprobsOf(candidate));
  if (logprobs !== undefined) decoded.logprobs = logprobs;
  addCitations(candidate, items);
  decoded.extensions = { gemini: { ...restOf(candidate, CANDIDATE_TAKEN), ...shapeOf(candidate, content) } };
  return decoded;
}

function contentOf(candidate: JsonObject): JsonObject | undefined {
  const content = readObject(candidate, "content");
  return content === undefined ? undefined : camelFields(content, CONTENT_FIELDS);
}

function isCall(item: Item): boolean {
  return item.type === "tool_call";
}

/** What the encoder must know where content and index are not as usual; nothing when they are. */
function shapeOf(candidate: JsonObject, content: JsonObject | undefined): JsonObject {
  const shape: JsonObject = {};
  if (candidate.index === undefined) shape.noIndex = true;
  if (content === undefined) shape.content = null;
  else {
    const fields = restOf(content, PARTS_TAKEN) ?? {};
    const parts = readList(content, "parts");
    if (parts !== undefined && parts.length === 0) fields.parts = [];
    if (Object.keys(fields).length !== 1 || fields.role !== "model") shape.content = fields;
  }
  return shape;
}

/** Each wire part became one content part or one item, so they can be counted off again. */
function addCitations(candidate: JsonObject, items: readonly Item[]): void {
  const texts = items.flatMap((item): Array<TextPart | undefined> => {
    if (item.type !== "message") return [undefined];
    return item.content.map((part) => (part.type === "text" ? part : undefined));
  });
  const first = texts.find((part) => part !== undefined);
  const partAt = (index: number): TextPart | undefined => texts[index] ?? first;
  for (const { partIndex, citation } of decodeCitations(candidate, (index) => partAt(index)?.text ?? "")) {
    const part = partAt(partIndex);
    if (part !== undefined) (part.citations ??= []).push(citation);
  }
  if (first !== undefined) for (const citation of looseSources(candidate)) (first.citations ??= []).push(citation);
}

/** Stands for the candidate that a blocked prompt does not have. */
function absentCandidate(body: JsonObject): Candidate {
  const feedback = readObject(body, "promptFeedback");
  const reason = feedback === undefined ? undefined : readEnum(feedback, "blockReason", BLOCK_REASONS);
  const candidate: Candidate = { index: 0, items: [], finishReason: "other", extensions: { gemini: { absent: true } } };
  if (reason === undefined) return candidate;
  return { ...candidate, finishReason: decodeBlockReason(reason), rawFinishReason: reason };
}
