import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Candidate, ChatResponse } from "../../canonical/response.ts";
import { decodeFinish } from "./finish-reason.ts";
import { decodeLogprobs } from "./logprobs.ts";
import type { OpenaiForms } from "./openai-forms.ts";
import { COMPLETIONS, fieldsBeside, numberOf, objectOf, textOf } from "./wire.ts";

const ANSWER_FIELDS = new Set(["id", "object", "created", "model", "choices", "usage"]);
const CHOICE_FIELDS = new Set(["text", "index", "finish_reason", "message", "delta"]);

/**
 * Decodes a completion (openai SDK 6.49, Completion). Mistral's fill-in-the-middle puts the text into a `message`. Throws
 * `provider_protocol_error` for anything else, and the fault itself when the body is an error.
 */
export function decodeResponse(body: Json, { faultToError, decodeUsage }: OpenaiForms): ChatResponse {
  if (!isJsonObject(body)) throw new GatewayError("provider_protocol_error", "the answer is not a JSON object");
  const { choices } = body;
  if (!Array.isArray(choices)) {
    if (body["error"] != null) throw faultToError(body);
    throw new GatewayError("provider_protocol_error", "the answer has no choices");
  }
  const usage = objectOf(body["usage"]);
  return {
    id: textOf(body["id"]) ?? "",
    model: textOf(body["model"]) ?? "",
    createdAt: Math.floor(numberOf(body["created"]) ?? 0),
    candidates: choices.filter(isJsonObject).map(decodeChoice),
    ...(usage !== undefined && { usage: decodeUsage(usage) }),
    extensions: { [COMPLETIONS]: fieldsBeside(body, ANSWER_FIELDS) },
  };
}

function decodeChoice(choice: JsonObject, position: number): Candidate {
  const text = choiceText(choice);
  const raw = textOf(choice["finish_reason"]);
  const logprobs = decodeLogprobs(choice["logprobs"]);
  return {
    index: numberOf(choice["index"]) ?? position,
    items: text === "" ? [] : [{ type: "message", role: "assistant", content: [{ type: "text", text }] }],
    finishReason: decodeFinish(raw),
    ...(raw !== undefined && { rawFinishReason: raw }),
    ...(logprobs !== undefined && { logprobs }),
    // With the probabilities as they came: their offsets count the prompt too.
    extensions: { [COMPLETIONS]: fieldsBeside(choice, CHOICE_FIELDS) },
  };
}

/** The text of a choice, whole or a piece. */
export function choiceText(choice: JsonObject): string {
  const holder = objectOf(choice["message"]) ?? objectOf(choice["delta"]);
  return textOf(choice["text"]) ?? textOf(holder?.["content"]) ?? "";
}
