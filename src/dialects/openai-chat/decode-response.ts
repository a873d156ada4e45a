import type { Citation, TextPart } from "../../canonical/content.ts";
import type { ChatSummary, ProviderFlags } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { Candidate, ChatResponse } from "../../canonical/response.ts";
import { isBaseFault } from "./base-resp.ts";
import { decodeSources } from "./citations.ts";
import { decodeAssistant } from "./decode-assistant.ts";
import { faultToError } from "./errors.ts";
import { decodeFinish, finishWord } from "./finish-reason.ts";
import { decodeUsage, findUsage } from "./usage.ts";
import type { WireAnswer, WireChoice } from "./wire.ts";
import { CHAT, createdOf, fieldsBeside, numberOf, objectOf, textOf } from "./wire.ts";

const NAMED = new Set(["id", "object", "created", "model", "choices", "usage", "service_tier"]);
const NAMED_IN_CHOICE = new Set(["index", "message", "finish_reason", "logprobs", "delta"]);

/**
 * Decodes a whole answer. Throws `provider_protocol_error` when the body is none, and the upstream's own error when a
 * host put one into an answer of status 200 (OpenRouter does when its upstream fails after the headers).
 */
export function decodeResponse(body: Json, flags: ProviderFlags = {}): ChatResponse {
  const { answer, choices } = answerOf(body);
  const response: ChatResponse = {
    ...summaryOf(answer, choices, flags),
    model: textOf(answer.model) ?? "",
    createdAt: createdOf(answer.created),
    candidates: choices.map((choice, at) => decodeChoice(choice, at, flags)),
  };
  addSources(response, decodeSources(answer));
  const fields = fieldsBeside(answer, NAMED);
  if (fields !== undefined) response.extensions = { [CHAT]: fields };
  return response;
}

/** The same, without the content. */
export function summarizeResponse(body: Json, flags: ProviderFlags = {}): ChatSummary {
  const { answer, choices } = answerOf(body);
  return summaryOf(answer, choices, flags);
}

/** A body that is an answer, and its choices. Throws what keeps others from being one. */
function answerOf(body: Json): { answer: WireAnswer; choices: JsonObject[] } {
  if (!isJsonObject(body))
    throw new GatewayError("provider_protocol_error", "the upstream's answer is not a JSON object");
  const answer: WireAnswer = body;
  if (hasFault(answer) || isBaseFault(answer)) throw faultToError(answer);
  if (!Array.isArray(answer.choices))
    throw new GatewayError("provider_protocol_error", "the upstream's answer has no choices");
  const choices = answer.choices.filter(isJsonObject);
  const broken = choices.find((choice) => isJsonObject(choice["error"]));
  if (broken !== undefined) throw faultToError(broken);
  return { answer, choices };
}

function summaryOf(answer: WireAnswer, choices: readonly JsonObject[], flags: ProviderFlags): ChatSummary {
  const summary: ChatSummary = { id: textOf(answer.id) ?? "" };
  const usage = findUsage(answer, choices[0]);
  if (usage !== undefined) summary.usage = decodeUsage(usage, flags);
  const tier = textOf(answer.service_tier);
  if (tier !== undefined) summary.serviceTier = tier;
  return summary;
}

function hasFault(answer: WireAnswer): boolean {
  const { error, choices } = answer;
  return (
    error !== undefined && error !== null && (!Array.isArray(choices) || choices.length === 0 || isJsonObject(error))
  );
}

function decodeChoice(choice: WireChoice, at: number, { thinkTags }: ProviderFlags): Candidate {
  const message = objectOf(choice.message) ?? objectOf(choice.delta) ?? {};
  const { items, fields, listed } = decodeAssistant(message, thinkTags);
  const hasToolCalls = items.some((item) => item.type === "tool_call");
  const stopped = choice["stop_reason"] ?? choice["matched_stop"];
  const finish = decodeFinish(finishWord(choice.finish_reason), hasToolCalls, stopped);
  const candidate: Candidate = { index: numberOf(choice.index) ?? at, items, finishReason: finish.reason };
  if (finish.raw !== undefined) candidate.rawFinishReason = finish.raw;
  if (finish.stopSequence !== undefined) candidate.stopSequence = finish.stopSequence;
  if (choice.logprobs !== undefined && choice.logprobs !== null) candidate.logprobs = choice.logprobs;
  candidate.extensions = { [CHAT]: { ...fieldsBeside(choice, NAMED_IN_CHOICE), ...messageFields(fields, listed) } };
  return candidate;
}

/** What the message holds beside its items, as the choice's `message`. */
function messageFields(fields: JsonObject | undefined, listed: boolean): JsonObject {
  const message: JsonObject = { ...fields };
  if (listed) message["content"] = [];
  for (const _ in message) return { message };
  return {};
}

/** The sources of the whole answer, on the first text of each candidate, for clients of other dialects. */
function addSources(response: ChatResponse, sources: Citation[]): void {
  if (sources.length === 0) return;
  for (const candidate of response.candidates) {
    const text = firstText(candidate);
    if (text !== undefined) text.citations = [...(text.citations ?? []), ...sources];
  }
}

function firstText(candidate: Candidate): TextPart | undefined {
  for (const item of candidate.items) {
    if (item.type !== "message") continue;
    const text = item.content.find((part): part is TextPart => part.type === "text");
    if (text !== undefined) return text;
  }
  return undefined;
}
