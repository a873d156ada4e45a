import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { objectsOf, textOf } from "./wire.ts";

/**
 * Log probabilities in the form of OpenAI chat. On this wire an entry is a chunk of text of one or several tokens (vendor
 * SDK: `LogprobItem`): its probability is their product. `token_ids` and `logprobs` stay beside for the way back.
 */
export function decodeLogprobs(value: Json | undefined): Json | undefined {
  const items = isJsonObject(value) ? [value] : objectsOf(value);
  if (items.length === 0) return undefined;
  return { content: items.map(entryOf), refusal: null };
}

function entryOf(item: JsonObject): JsonObject {
  const token = textOf(item["text"]);
  const { logprobs, token_ids } = item;
  const numbers = Array.isArray(logprobs) ? logprobs.filter((each) => typeof each === "number") : [];
  return {
    token,
    logprob: numbers.reduce((sum, each) => sum + each, 0),
    bytes: [...Buffer.from(token)],
    top_logprobs: [],
    ...(Array.isArray(token_ids) && { token_ids }),
    ...(Array.isArray(logprobs) && { logprobs }),
  };
}

/** The entries of this wire; undefined when there are none. */
export function encodeLogprobs(value: Json | undefined): JsonObject[] | undefined {
  const entries = objectsOf(isJsonObject(value) ? value["content"] : undefined);
  if (entries.length === 0) return undefined;
  return entries.map(({ token, logprob, token_ids, logprobs }) => ({
    text: textOf(token),
    token_ids: Array.isArray(token_ids) ? token_ids : [],
    logprobs: Array.isArray(logprobs) ? logprobs : typeof logprob === "number" ? [logprob] : [],
  }));
}
