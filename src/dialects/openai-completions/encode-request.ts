import type { EncodedRequest, TargetContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { addWarning, type Warning } from "../../canonical/warning.ts";
import { warnUnsupported } from "./unsupported-fields.ts";
import { COMPLETIONS, COMPLETIONS_PATH, objectOf } from "./wire.ts";
import { writeOut } from "./write-out.ts";

/** Asked for where the client of a chat names no limit: the API would stop after 16 tokens. */
const DEFAULT_MAX_TOKENS = 1024;
/** Most alternatives a token. */
const MOST_LOGPROBS = 5;
const MOST_STOPS = 4;

const SAME = [
  ["suffix", "suffix"],
  ["maxOutputTokens", "max_tokens"],
  ["temperature", "temperature"],
  ["topP", "top_p"],
  ["n", "n"],
  ["seed", "seed"],
  ["presencePenalty", "presence_penalty"],
  ["frequencyPenalty", "frequency_penalty"],
  ["logitBias", "logit_bias"],
  ["stop", "stop"],
  ["endUser", "user"],
] as const;

/**
 * Encodes a completions request (openai SDK 6.49, CompletionCreateParams). A conversation is written out as one text, see
 * `writeOut`; what a text to complete cannot say becomes a warning.
 */
export function encodeRequest(request: ChatRequest, target: TargetContext): EncodedRequest {
  const own = request.extensions[COMPLETIONS];
  const body: JsonObject = { model: target.model, ...own };
  for (const [from, to] of SAME) if (request[from] !== undefined) body[to] = request[from];
  if (own === undefined) encodeForeign(request, target, body);
  else if (body["prompt"] === undefined) addOwnPrompt(request, body);
  if (request.logprobs === true) body["logprobs"] = logprobsOf(request, target.warnings);
  addStream(request, target, body);
  warnUnsupported(request, target.warnings);
  return { path: COMPLETIONS_PATH, body, headers: {} };
}

function addOwnPrompt({ items }: ChatRequest, body: JsonObject): void {
  const [item] = items;
  const part = item?.type === "message" ? item.content[0] : undefined;
  if (part?.type === "text") body["prompt"] = part.text;
}

function encodeForeign(request: ChatRequest, { warnings, maxOutputTokens }: TargetContext, body: JsonObject): void {
  const { prompt, stop } = writeOut(request.items, warnings);
  body["prompt"] = prompt;
  const stops = request.stop ?? [];
  if (stop !== undefined && stops.length < MOST_STOPS) body["stop"] = [...stops, stop];
  if (body["max_tokens"] !== undefined) return;
  body["max_tokens"] = Math.min(maxOutputTokens ?? DEFAULT_MAX_TOKENS, DEFAULT_MAX_TOKENS);
  const message = `text completions end after 16 tokens unless told otherwise: ${body["max_tokens"]} were asked for`;
  addWarning(warnings, { code: "changed_field", field: "max_tokens", message });
}

function logprobsOf({ topLogprobs = 0 }: ChatRequest, warnings: Warning[]): number {
  if (topLogprobs > MOST_LOGPROBS) {
    const message = `at most ${MOST_LOGPROBS} alternatives a token are told`;
    addWarning(warnings, { code: "changed_field", field: "top_logprobs", message });
  }
  return Math.min(topLogprobs, MOST_LOGPROBS);
}

/** Usage comes only when asked for, and the gateway accounts by it. */
function addStream(request: ChatRequest, { flags }: TargetContext, body: JsonObject): void {
  delete body["stream_options"];
  if (!request.stream) return;
  body["stream"] = true;
  const options = objectOf(request.extensions[COMPLETIONS]?.["stream_options"]);
  if (flags.noStreamOptions !== true) body["stream_options"] = { ...options, include_usage: true };
}
