import type { ReplyContext } from "../../canonical/dialect.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { encodeText } from "./encode-options.ts";
import { encodeToolChoice, encodeTools } from "./encode-tools.ts";
import { ownFields } from "./own-fields.ts";
import type { RequestEncoding } from "./request-encoding.ts";
import { FORM } from "./wire.ts";

/**
 * The fields of a `Response` object that repeat the request, for answers whose provider did not speak this dialect: all
 * that the SDK's `Response` type requires, and those that the API always sends. `store` is false: the answer cannot be
 * fetched again.
 */
export function replyFields(reply: ReplyContext): JsonObject {
  const { request } = reply;
  const kept = ownFields(request);
  return {
    background: false,
    instructions: instructionsOf(request),
    max_output_tokens: request.maxOutputTokens ?? null,
    max_tool_calls: kept.max_tool_calls ?? null,
    metadata: request.metadata ?? {},
    parallel_tool_calls: request.parallelToolCalls ?? true,
    previous_response_id: request.previousResponseId ?? null,
    prompt_cache_key: request.promptCacheKey ?? null,
    reasoning: reasoningOf(request, kept.reasoning),
    safety_identifier: kept.safety_identifier ?? null,
    store: false,
    temperature: request.temperature ?? null,
    text: textOf(request, kept.text),
    ...toolFields(request),
    top_logprobs: request.topLogprobs ?? 0,
    top_p: request.topP ?? null,
    truncation: kept.truncation ?? "disabled",
    user: kept.user ?? null,
  };
}

function instructionsOf(request: ChatRequest): string | null {
  for (const item of request.items) {
    if (item.type !== "message" || ownFields(item)[FORM] !== "instructions") continue;
    return item.content.map((part) => (part.type === "text" ? part.text : "")).join("");
  }
  return null;
}

function reasoningOf(request: ChatRequest, kept: Json | undefined): JsonObject {
  const { effort, summary } = request.reasoning ?? {};
  return { effort: effort ?? null, summary: summary ?? null, ...(isJsonObject(kept) ? kept : {}) };
}

function textOf(request: ChatRequest, kept: Json | undefined): JsonObject {
  const text = encodeText(request, kept);
  return { format: { type: "text" }, verbosity: "medium", ...(isJsonObject(text) ? text : {}) };
}

function toolFields(request: ChatRequest): JsonObject {
  const encoding: RequestEncoding = { request, own: true, breakpoints: true, warnings: [] };
  const choice = request.toolChoice === undefined ? undefined : encodeToolChoice(request.toolChoice, encoding);
  return { tool_choice: choice ?? "auto", tools: encodeTools(encoding) };
}
