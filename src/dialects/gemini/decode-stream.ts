import type { Frame, StreamDecoder } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, valueFrom, type Json, type JsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { callPrefix, createCallIds } from "./call-ids.ts";
import { billedSearches, decodeCitations, looseSources, searchQueries } from "./decode-grounding.ts";
import { unixSeconds } from "./decode-response.ts";
import { decodeError, faultError } from "./errors.ts";
import { BLOCK_REASONS, decodeBlockReason, decodeFinishReason, FINISH_REASONS } from "./finish-reason.ts";
import { decodeLogprobs, logprobsOf } from "./logprobs.ts";
import { modelTraits } from "./model-traits.ts";
import { camelFields, readEnum, readList, readNumber, readObject, readString, restOf } from "./read.ts";
import { addStreamPart } from "./stream-parts.ts";
import { candidateOf, closeItem, type CandidateState, type StreamState } from "./stream-state.ts";
import { decodeUsage } from "./usage.ts";
import { CANDIDATE_FIELDS, CONTENT_FIELDS, RESPONSE_FIELDS } from "./wire.ts";

/**
 * Decodes `streamGenerateContent?alt=sse`: every frame is a GenerateContentResponse with the next parts and the usage
 * so far. The wire has no terminal mark; an answer is complete when each candidate has said its finish reason, or the
 * prompt was blocked. Finish reasons are given out at the end, because some models repeat them in every chunk.
 */
export function createStreamDecoder(): StreamDecoder {
  const state: StreamState = {
    out: [],
    started: false,
    done: false,
    nextIndex: 0,
    generation: modelTraits("").generation,
    ids: createCallIds(""),
    candidates: new Map(),
    blockReason: undefined,
    kept: {},
    serviceTier: undefined,
    queries: new Set(),
  };
  return {
    push(frame, out) {
      if (state.done) return;
      state.out = out;
      pushFrame(frame, state);
    },
    finish(out) {
      if (state.done) return;
      state.out = out;
      finishStream(state);
    },
  };
}

function pushFrame(frame: Frame, state: StreamState): void {
  if (frame.data.trim() === "" || frame.data === "[DONE]") return;
  const data = valueFrom(frame.data);
  // Without `alt=sse` the chunks are the entries of a list.
  for (const chunk of Array.isArray(data) ? data : [data]) {
    if (state.done) return;
    if (isJsonObject(chunk)) pushChunk(camelFields(chunk, RESPONSE_FIELDS), frame, state);
    else fail(new GatewayError("provider_protocol_error", "a stream chunk is not a JSON object"), state);
  }
}

function fail(error: GatewayError, state: StreamState): void {
  state.done = true;
  state.out.push({ type: "error", error });
}

function pushChunk(chunk: JsonObject, frame: Frame, state: StreamState): void {
  if (isJsonObject(chunk.error)) return fail(faultError(decodeError(200, chunk)), state);
  if (!isResponse(chunk)) {
    state.out.push({ type: "unknown", dialect: "gemini", event: frame.event, data: frame.data });
    return;
  }
  if (state.started) keepRest(chunk, state);
  else start(chunk, state);
  let position = 0;
  for (const entry of readList(chunk, "candidates") ?? NOTHING) {
    if (isJsonObject(entry)) pushCandidate(entry, position, state);
    position += 1;
  }
  const feedback = readObject(chunk, "promptFeedback");
  if (feedback !== undefined) state.blockReason = readEnum(feedback, "blockReason", BLOCK_REASONS) ?? state.blockReason;
  pushUsage(chunk.usageMetadata, state);
}

const NOTHING: readonly Json[] = [];
const CHUNK_TAKEN = new Set(["candidates", "usageMetadata", "modelVersion", "responseId"]);

function keepRest(chunk: JsonObject, { kept }: StreamState): void {
  const rest = restOf(chunk, CHUNK_TAKEN);
  if (rest !== undefined) Object.assign(kept, rest);
}

function isResponse(chunk: JsonObject): boolean {
  for (const key in chunk) if (RESPONSE_FIELDS.has(key)) return true;
  return false;
}

function start(chunk: JsonObject, state: StreamState): void {
  state.started = true;
  const id = readString(chunk, "responseId") ?? "";
  const model = readString(chunk, "modelVersion") ?? "";
  state.generation = modelTraits(model).generation;
  state.ids = createCallIds(callPrefix(id));
  const createdAt = unixSeconds(readString(chunk, "createTime"));
  const kept = restOf(chunk, CHUNK_TAKEN) ?? {};
  state.out.push({ type: "start", id, model, createdAt, extensions: { gemini: kept } });
}

const CANDIDATE_TAKEN = new Set(["content", "finishReason", "index", "logprobsResult"]);
const CONTENT_TAKEN = new Set(["content", "index", "finishReason"]);

function pushCandidate(entry: JsonObject, position: number, state: StreamState): void {
  const wire = camelFields(entry, CANDIDATE_FIELDS);
  const candidate = candidateOf(state, readNumber(wire, "index") ?? position);
  const content = readObject(wire, "content");
  const parts = content === undefined ? undefined : readList(camelFields(content, CONTENT_FIELDS), "parts");
  let logprobs = decodeLogprobs(logprobsOf(wire));
  for (const part of parts ?? NOTHING) {
    addStreamPart(part, candidate, state, logprobs);
    if (candidate.open?.kind === "message") logprobs = undefined;
  }
  const rest = restOf(wire, logprobs === undefined ? CANDIDATE_TAKEN : CONTENT_TAKEN);
  if (rest !== undefined) pushMetadata(rest, candidate, state);
  candidate.finishReason = readEnum(wire, "finishReason", FINISH_REASONS) ?? candidate.finishReason;
}

function pushMetadata(rest: JsonObject, candidate: CandidateState, state: StreamState): void {
  Object.assign(candidate.kept, rest);
  for (const query of searchQueries(rest)) state.queries.add(query);
  const { said } = candidate;
  if (said === undefined) return;
  for (const { citation } of decodeCitations(rest, () => candidate.text)) {
    const key = JSON.stringify([citation.url, citation.title, citation.start, citation.end]);
    if (candidate.cited.has(key)) continue;
    candidate.cited.add(key);
    state.out.push({ type: "citation", index: said.index, part: said.part, citation });
  }
}

function pushUsage(wire: Json | undefined, state: StreamState): void {
  if (wire === undefined) return;
  const usage = decodeUsage(wire, billedSearches(state.queries.size, state.generation));
  if (usage === undefined) return;
  state.out.push({ type: "usage", usage });
  if (isJsonObject(wire)) state.serviceTier = readString(wire, "serviceTier") ?? state.serviceTier;
}

function finishStream(state: StreamState): void {
  state.done = true;
  for (const candidate of state.candidates.values()) {
    addLooseSources(candidate, state.out);
    closeItem(candidate, state);
  }
  if (!isComplete(state)) {
    const message = "the provider closed the stream before the answer was complete";
    state.out.push({ type: "error", error: new GatewayError("upstream_truncated", message) });
    return;
  }
  for (const candidate of state.candidates.values()) finishCandidate(candidate, state.out);
  if (state.candidates.size === 0) finishBlocked(state);
  const end: StreamPart = { type: "end" };
  if (state.serviceTier !== undefined) end.serviceTier = state.serviceTier;
  for (const _ in state.kept) {
    end.extensions = { gemini: state.kept };
    break;
  }
  state.out.push(end);
}

/** Only the end tells that nothing will say what the sources support. */
function addLooseSources({ said, cited, kept }: CandidateState, out: StreamPart[]): void {
  if (said === undefined || cited.size > 0) return;
  for (const citation of looseSources(kept)) out.push({ type: "citation", ...said, citation });
}

function isComplete(state: StreamState): boolean {
  if (state.blockReason !== undefined) return true;
  for (const candidate of state.candidates.values()) if (candidate.finishReason === undefined) return false;
  return state.candidates.size > 0;
}

function finishCandidate(candidate: CandidateState, out: StreamPart[]): void {
  const raw = candidate.finishReason;
  out.push({
    type: "finish",
    candidate: candidate.index,
    reason: raw === undefined ? "content_filter" : decodeFinishReason(raw, candidate.calledTools),
    ...(raw === undefined ? undefined : { raw }),
    extensions: { gemini: candidate.kept },
  });
}

/** A blocked prompt has no candidate on the wire; the mark tells the encoder so. */
function finishBlocked(state: StreamState): void {
  const raw = state.blockReason ?? "";
  const extensions = { gemini: { absent: true } };
  state.out.push({ type: "finish", candidate: 0, reason: decodeBlockReason(raw), raw, extensions });
}
