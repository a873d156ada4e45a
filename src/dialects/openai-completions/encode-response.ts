import type { ReplyContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { Candidate, ChatResponse } from "../../canonical/response.ts";
import { encodeFinish } from "./finish-reason.ts";
import { encodeLogprobs } from "./logprobs.ts";
import type { OpenaiForms } from "./openai-forms.ts";
import { COMPLETIONS } from "./wire.ts";

/**
 * Encodes a completion (openai SDK 6.49, Completion; for Mistral's clients FIMCompletionResponse): the answer's words alone, for
 * it has no place for anything else.
 */
export function encodeResponse(response: ChatResponse, reply: ReplyContext, { encodeUsage }: OpenaiForms): JsonObject {
  const { id, model, createdAt, candidates, usage, extensions } = response;
  const asMessage = reply.request.answersAsMessage === true;
  return {
    id: id === "" ? reply.requestId : id,
    object: asMessage ? "chat.completion" : "text_completion",
    created: createdAt === 0 ? reply.createdAt : createdAt,
    model: model === "" ? reply.model : model,
    choices: candidates.map(asMessage ? encodeMessage : encodeChoice),
    ...(usage !== undefined && { usage: encodeUsage(usage) }),
    ...extensions?.[COMPLETIONS],
  };
}

function encodeChoice(candidate: Candidate): JsonObject {
  const own = candidate.extensions?.[COMPLETIONS];
  const raw = own === undefined ? undefined : candidate.rawFinishReason;
  return {
    text: wordsOf(candidate),
    index: candidate.index,
    logprobs: encodeLogprobs(candidate.logprobs, 0),
    finish_reason: encodeFinish(candidate.finishReason, raw),
    ...own,
  };
}

function encodeMessage(candidate: Candidate): JsonObject {
  const { index, finishReason } = candidate;
  const message = { role: "assistant", content: wordsOf(candidate), tool_calls: null };
  return { index, message, finish_reason: encodeFinish(finishReason, undefined) };
}

function wordsOf({ items }: Candidate): string {
  let text = "";
  for (const item of items) {
    if (item.type !== "message") continue;
    for (const part of item.content) if (part.type === "text" || part.type === "refusal") text += part.text;
  }
  return text;
}
