import type { Frame, ProviderFlags, StreamDecoder } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { ERROR_FIELD } from "../../lib/sse.ts";
import { isBaseFault } from "./base-resp.ts";
import { decodeSources } from "./citations.ts";
import { beginCall } from "./decode-call-delta.ts";
import { decodeDelta, flushText } from "./decode-delta.ts";
import { faultToError } from "./errors.ts";
import { decodeFinish, finishWord } from "./finish-reason.ts";
import type { ChoiceState, StreamState } from "./stream-state.ts";
import { choiceOf, closeMessage, closeReasoning, createStreamState } from "./stream-state.ts";
import { decodeUsage, findUsage } from "./usage.ts";
import type { WireAnswer, WireChoice } from "./wire.ts";
import { CHAT, createdOf, numberOf, objectOf, textOf } from "./wire.ts";

/** `obfuscation` is padding against traffic analysis, worth nothing behind the gateway. */
const NAMED = new Set(["id", "object", "created", "model", "choices", "usage", "service_tier", "obfuscation"]);
const NAMED_IN_CHOICE = new Set(["index", "delta", "message", "finish_reason", "logprobs", "usage"]);

/**
 * Decodes a streamed answer. Complete is one that sent `[DONE]`, or a `finish_reason` for every choice: some hosts never
 * send `[DONE]`. A `finish` part waits for the chunk after it, as hosts have sent text or metadata behind `finish_reason`.
 */
export function createStreamDecoder(flags: ProviderFlags = {}): StreamDecoder {
  const state = createStreamState(flags);
  return {
    push: (frame, out) => pushFrame(state, frame, out),
    finish: (out) => finishStream(state, out),
  };
}

function pushFrame(state: StreamState, frame: Frame, out: StreamPart[]): void {
  if (state.ended) return;
  const data = frame.data.trim();
  if (data === "[DONE]") return endStream(state, out);
  if (data === "" || frame.event === "ping") {
    out.push({ type: "ping" });
    return;
  }
  const chunk = parse(data);
  if (chunk === undefined) return fail(state, unreadable(frame.event, data), out);
  if (!isJsonObject(chunk)) {
    out.push({ type: "unknown", dialect: CHAT, event: frame.event, data: frame.data });
    return;
  }
  if (frame.event === ERROR_FIELD) return fail(state, unheard(faultToError(chunk)), out);
  if (isFault(chunk, frame.event)) return fail(state, faultToError(chunk), out);
  decodeChunk(state, chunk, frame, out);
}

function parse(data: string): Json | undefined {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/** What is no JSON: where the event says that it is an error, its text is what the upstream has to say. */
function unreadable(event: string, data: string): GatewayError {
  if (event === ERROR_FIELD) return unheard(faultToError({ error: data }));
  return event === "error"
    ? faultToError({ error: data })
    : protocolError("an event of the upstream's stream is not JSON");
}

function protocolError(message: string): GatewayError {
  return new GatewayError("provider_protocol_error", message);
}

/** Clients pass over such a field: they are told in an event of their own, where a relayed one would do otherwise. */
function unheard({ code, message, fields }: GatewayError): GatewayError {
  const told = { ...fields };
  delete told.upstream;
  return new GatewayError(code, message, told);
}

function fail(state: StreamState, error: GatewayError, out: StreamPart[]): void {
  state.ended = true;
  out.push({ type: "error", error });
}

/**
 * Errors within a stream: `{error: …}` (OpenAI, OpenRouter, Groq), an event named `error`, `{object: "error", message}`
 * (vLLM, Mistral), `{code, message}` (DashScope), `{detail}`, `{errors}` (Cloudflare), the last four instead of choices.
 */
function isFault(chunk: WireAnswer, event: string): boolean {
  const { error } = chunk;
  if (isJsonObject(error) || textOf(error) !== undefined || event === "error") return true;
  if (chunk["base_resp"] !== undefined && isBaseFault(chunk)) return true;
  if (chunk.choices !== undefined) return false;
  if (chunk.object === "error" || chunk["type"] === "error" || holdsErrors(chunk)) return true;
  const hasText = textOf(chunk["message"]) !== undefined || chunk["detail"] !== undefined;
  return hasText && chunk.id === undefined && chunk.usage === undefined;
}

/** https://developers.cloudflare.com/api: `errors` is empty where all went well. */
function holdsErrors({ errors }: JsonObject): boolean {
  return Array.isArray(errors) && errors.length > 0;
}

function decodeChunk(state: StreamState, chunk: WireAnswer, frame: Frame, out: StreamPart[]): void {
  const { choices } = chunk;
  if (!Array.isArray(choices) && objectOf(chunk.usage) === undefined) {
    out.push({ type: "unknown", dialect: CHAT, event: frame.event, data: frame.data });
    return;
  }
  const list = Array.isArray(choices) ? choices : [];
  readHead(state, chunk, list.length > 0, out);
  let first: JsonObject | undefined;
  for (const choice of list) {
    if (!isJsonObject(choice)) continue;
    if (isJsonObject(choice["error"])) return fail(state, faultToError(choice), out);
    first ??= choice;
    decodeChoice(state, choice, out);
  }
  const usage = findUsage(chunk, first);
  if (usage === undefined) return;
  if (list.length === 0) finishSaid(state, out);
  out.push({ type: "usage", usage: decodeUsage(usage, state.flags) });
}

/** Keeps the chunk's unnamed fields, and starts the answer. Azure sends a chunk without id and choices first. */
function readHead(state: StreamState, chunk: WireAnswer, hasChoices: boolean, out: StreamPart[]): void {
  for (const key in chunk) {
    if (NAMED.has(key) || key === "__proto__") continue;
    const value = chunk[key];
    if (value === undefined || value === state.fields[key]) continue;
    state.fields[key] = value;
    if (state.started) (state.late ??= {})[key] = value;
  }
  const tier = textOf(chunk.service_tier);
  if (tier !== undefined) state.serviceTier = tier;
  if (state.started || (textOf(chunk.id) === undefined && !hasChoices)) return;
  start(state, chunk, out);
}

function start(state: StreamState, chunk: WireAnswer, out: StreamPart[]): void {
  state.started = true;
  let hasFields = false;
  for (const _ in state.fields) hasFields = true;
  out.push({
    type: "start",
    id: textOf(chunk.id) ?? "",
    model: textOf(chunk.model) ?? "",
    createdAt: createdOf(chunk.created),
    ...(state.serviceTier !== undefined && { serviceTier: state.serviceTier }),
    ...(hasFields && { extensions: { [CHAT]: { ...state.fields } } }),
  });
}

function decodeChoice(state: StreamState, wire: WireChoice, out: StreamPart[]): void {
  const choice = choiceOf(state, numberOf(wire.index) ?? 0);
  if (choice.finished) return;
  const delta = objectOf(wire.delta) ?? unsaid(choice, objectOf(wire.message));
  if (delta !== undefined) decodeDelta(state, choice, delta, wire.logprobs, out);
  for (const key in wire) {
    if (NAMED_IN_CHOICE.has(key) || key === "__proto__") continue;
    choice.fields ??= {};
    choice.fields[key] = wire[key];
  }
  choice.finishWord = finishWord(wire.finish_reason) ?? choice.finishWord;
}

/**
 * What a whole `message` adds to what has come: behind deltas it is MiniMax's closing event, which says all of them again
 * (https://platform.minimax.io/docs/api-reference/text-chat).
 */
function unsaid(choice: ChoiceState, whole: JsonObject | undefined): JsonObject | undefined {
  if (whole === undefined || !hasSpoken(choice)) return whole;
  const calls = whole["tool_calls"];
  return choice.calls.length === 0 && Array.isArray(calls) ? { tool_calls: calls } : undefined;
}

function hasSpoken({ message, reasoning, calls, tagged }: ChoiceState): boolean {
  return message !== undefined || reasoning !== undefined || calls.length > 0 || (tagged?.held ?? "") !== "";
}

/** Ends every choice: its open items, then its `finish`. */
function finishChoices(state: StreamState, out: StreamPart[]): void {
  for (const choice of state.choices) if (!choice.finished) finishChoice(state, choice, out);
}

/** Ends the choices that have said why: a chunk without choices comes after them. */
function finishSaid(state: StreamState, out: StreamPart[]): void {
  for (const choice of state.choices) {
    if (!choice.finished && choice.finishWord !== undefined) finishChoice(state, choice, out);
  }
}

function finishChoice(state: StreamState, choice: ChoiceState, out: StreamPart[]): void {
  choice.finished = true;
  flushText(state, choice, out);
  addSources(state, choice, out);
  closeItems(state, choice, out);
  const stopped = choice.fields?.["stop_reason"] ?? choice.fields?.["matched_stop"];
  const finish = decodeFinish(choice.finishWord, choice.calls.length > 0, stopped);
  const fields: JsonObject = { ...choice.fields };
  if (choice.messageFields !== undefined) fields["message"] = choice.messageFields;
  out.push({ type: "finish", candidate: choice.number, ...finish, extensions: { [CHAT]: fields } });
}

/** Perplexity repeats its list of sources in every chunk; the text that it belongs to ends here. */
function addSources(state: StreamState, choice: ChoiceState, out: StreamPart[]): void {
  const { message } = choice;
  if (message === undefined) return;
  for (const citation of decodeSources(state.fields)) {
    out.push({ type: "citation", index: message.index, part: 0, citation });
  }
}

function closeItems(state: StreamState, choice: ChoiceState, out: StreamPart[]): void {
  flushText(state, choice, out);
  closeReasoning(choice, out);
  closeMessage(choice, out);
  for (const call of choice.calls) {
    if (call.index === undefined) beginCall(state, choice, call, out);
    if (call.index !== undefined) out.push({ type: "item_end", index: call.index });
  }
}

function endStream(state: StreamState, out: StreamPart[]): void {
  if (!state.started) return fail(state, protocolError("the upstream's stream ended without an answer"), out);
  finishChoices(state, out);
  state.ended = true;
  out.push({
    type: "end",
    ...(state.serviceTier !== undefined && { serviceTier: state.serviceTier }),
    ...(state.late !== undefined && { extensions: { [CHAT]: state.late } }),
  });
}

function finishStream(state: StreamState, out: StreamPart[]): void {
  if (state.ended) return;
  const { choices } = state;
  if (choices.length > 0 && choices.every((choice) => choice.finishWord !== undefined)) return endStream(state, out);
  for (const choice of choices) if (!choice.finished) closeItems(state, choice, out);
  fail(state, new GatewayError("upstream_truncated", "the upstream's stream ended before its answer did"), out);
}
