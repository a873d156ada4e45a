import type { EncodedRequest, TargetContext } from "../../canonical/dialect.ts";
import { fitUserId } from "../../canonical/fit-user-id.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { encodeCache, limitBreakpoints } from "./cache-marker.ts";
import { CallIds } from "./call-ids.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn } from "./encode-context.ts";
import { encodeFormat } from "./encode-format.ts";
import { encodeMessages, encodeSystem } from "./encode-messages.ts";
import { encodeSampling } from "../../canonical/claude/encode-sampling.ts";
import { encodeThinking } from "../../canonical/claude/encode-thinking.ts";
import type { Thinking } from "../../canonical/claude/encode-thinking.ts";
import { encodeToolChoice, encodeTools, isForced } from "./encode-tools.ts";
import { modelTraits } from "../../canonical/claude/model-traits.ts";
import { ownFields } from "./own-fields.ts";
import { warnUnsupported } from "./unsupported-fields.ts";
import type { WireBlock, WireMessage } from "./wire.ts";
import { objectOf } from "./wire.ts";

/** Path of the Messages API, below the base URL. */
export const MESSAGES_PATH = "/messages";

/** OpenAI's tiers in the words of this wire (`auto` may use priority capacity, `standard_only` never). */
const SERVICE_TIERS: Record<string, string> = {
  auto: "auto",
  priority: "auto",
  default: "standard_only",
  standard: "standard_only",
};

/**
 * Encodes a request for `POST /messages`. What a caller of this dialect wrote comes out as it went in, with these
 * exceptions: empty text blocks, the assistant's of white space alone, surplus cache breakpoints, white space at the end of a
 * final assistant text and settings that the model is known to refuse are left out, tool results move to the front of their
 * turn, and `max_tokens` is filled in when it is missing.
 */
export function encodeRequest(request: ChatRequest, target: TargetContext): EncodedRequest {
  const own = ownFields(request.extensions);
  const context: EncodeContext = {
    traits: modelTraits(target.model),
    native: own !== undefined,
    warnings: target.warnings,
    marked: [],
    calls: new CallIds(),
  };
  const tools = encodeTools(request, context);
  const choice = encodeToolChoice(request, tools.length > 0, context);
  const format = encodeFormat(request, own ?? {}, context);
  const system = withInstruction(encodeSystem(request.items, context), format.instruction);
  const messages = encodeMessages(request.items, context);
  limitBreakpoints(context.marked, request.cache !== undefined, context.warnings);
  const maxTokens = maxTokensOf(request, target, context);
  const thinking = encodeThinking(request, own ?? {}, context, {
    maxTokens,
    forcedTool: isForced(choice),
    goesOnUnthought: () => goesOnUnthought(messages),
  });
  const { thinking: wroteThinking, output_config: outputConfig, metadata, ...others } = own ?? {};
  warnUnsupported(request, context);
  const body: JsonObject = {
    ...others,
    model: target.model,
    max_tokens: maxTokens,
    ...(system !== undefined && { system }),
    messages,
    ...(tools.length > 0 && { tools }),
    ...(choice !== undefined && { tool_choice: choice }),
    ...thinkingOf(wroteThinking, thinking),
    ...outputConfigOf(outputConfig, thinking, format.format),
    ...encodeSampling(request, thinks(thinking), context),
    ...stopOf(request, context),
    ...metadataOf(metadata, request, context),
    ...tierOf(request, context),
    ...(request.cache !== undefined && { cache_control: encodeCache(request.cache) }),
    ...(request.stream && { stream: true }),
  };
  return { path: MESSAGES_PATH, body, headers: {} };
}

function withInstruction(
  system: string | WireBlock[] | undefined,
  instruction: string | undefined,
): string | WireBlock[] | undefined {
  if (instruction === undefined) return system;
  const blocks = typeof system === "string" ? [{ type: "text", text: system }] : (system ?? []);
  return [...blocks, { type: "text", text: instruction }];
}

/** A caller of another dialect may ask for more than the model gives, or not say: this wire wants a number it can keep. */
function maxTokensOf(request: ChatRequest, target: TargetContext, context: EncodeContext): number {
  const limit = target.maxOutputTokens;
  const wanted = request.maxOutputTokens;
  if (wanted === undefined) return limit ?? context.traits.maxOutput;
  if (limit === undefined || wanted <= limit || context.native) return wanted;
  warn(context, "changed_field", "max_tokens", `the model's limit of ${limit} output tokens was sent`);
  return limit;
}

/** What was no object when the caller wrote it, such as null, stays as it was. */
function thinkingOf(wrote: JsonObject[string], settings: Thinking): JsonObject | undefined {
  if (settings.thinking !== undefined) return { thinking: settings.thinking };
  return wrote === undefined || isJsonObject(wrote) ? undefined : { thinking: wrote };
}

function thinks(settings: Thinking): boolean {
  const type = settings.thinking?.["type"];
  return type === "enabled" || type === "adaptive";
}

function outputConfigOf(
  wrote: JsonObject[string],
  thinking: Thinking,
  format: JsonObject | undefined,
): JsonObject | undefined {
  const { effort: before, ...others } = objectOf(wrote);
  const effort = thinking.effort ?? (before === null ? null : undefined);
  const config = {
    ...others,
    ...(effort !== undefined && { effort }),
    ...(format !== undefined && { format }),
  };
  return wrote !== undefined || Object.keys(config).length > 0
    ? { output_config: wrote === null ? null : config }
    : undefined;
}

/** The API refuses stop sequences of white space only. */
function stopOf(request: ChatRequest, context: EncodeContext): JsonObject | undefined {
  const usable = request.stop?.filter((text) => text.trim() !== "");
  if (usable === undefined) return undefined;
  if (usable.length !== request.stop?.length) {
    warn(context, "unsupported_field", "stop", "stop sequences of white space only were left out");
  }
  return usable.length > 0 ? { stop_sequences: usable } : undefined;
}

/** The API refuses addresses and phone numbers (SDK: `Metadata`), some hosts all but such ids, and both what is longer. */
const USER_ID = /^[a-zA-Z0-9_-]{1,256}$/;

function metadataOf(wrote: JsonObject[string], request: ChatRequest, context: EncodeContext): JsonObject | undefined {
  const { endUser } = request;
  if (endUser === undefined || objectOf(wrote)["user_id"] === endUser) {
    return wrote === undefined ? undefined : { metadata: wrote };
  }
  const id = context.native ? endUser : fitUserId(endUser, USER_ID, context.warnings);
  return { metadata: { ...objectOf(wrote), user_id: id } };
}

function tierOf(request: ChatRequest, context: EncodeContext): JsonObject | undefined {
  const tier = request.serviceTier;
  if (tier === undefined) return undefined;
  if (context.native) return { service_tier: tier };
  const known = Object.hasOwn(SERVICE_TIERS, tier) ? SERVICE_TIERS[tier] : undefined;
  if (known === undefined) warn(context, "unsupported_field", "service_tier", `service tier ${tier} was left out`);
  return known === undefined ? undefined : { service_tier: known };
}

/** With a budget, the assistant turn whose tool results come last, or that is to be continued, must begin with thinking. */
function goesOnUnthought(messages: readonly WireMessage[]): boolean {
  const last = messages.at(-1);
  const answersTools = last?.role === "user" && typeOfFirst(last) === "tool_result";
  const turn = answersTools ? messages.at(-2) : last;
  if (turn?.role !== "assistant") return false;
  const opening = typeOfFirst(turn);
  return opening !== "thinking" && opening !== "redacted_thinking";
}

function typeOfFirst({ content }: WireMessage): JsonObject[string] {
  return typeof content === "string" ? "text" : content[0]?.["type"];
}
