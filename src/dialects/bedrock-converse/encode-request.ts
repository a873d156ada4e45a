import type { EncodedRequest, TargetContext } from "../../canonical/dialect.ts";
import { modelTraits } from "../../canonical/claude/model-traits.ts";
import { objectOf, type JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { encodeCachePoint } from "./cache-point.ts";
import { warn, type EncodeContext } from "./encode-context.ts";
import { encodeFormat } from "./encode-format.ts";
import { encodeMessages, encodeSystem, goesOnUnthought } from "./encode-messages.ts";
import { encodeModelFields, type ModelFields } from "./encode-model-fields.ts";
import { encodeToolConfig, isForced } from "./encode-tools.ts";
import { familyOf } from "./model-family.ts";
import { ownFields } from "./own-fields.ts";
import { warnUnsupported } from "./unsupported-fields.ts";
import type { WireBlock, WireMessage } from "./wire.ts";

/** Tiers of other dialects in the words of this wire (AWS SDK: `ServiceTierType`). */
const SERVICE_TIERS: Readonly<Record<string, string | null>> = {
  auto: null,
  default: "default",
  standard: "default",
  standard_only: "default",
  flex: "flex",
  priority: "priority",
  reserved: "reserved",
};

/** Path of a call, below the base URL. */
export function conversePath(model: string, stream: boolean): string {
  return `/model/${encodeURIComponent(model)}/converse${stream ? "-stream" : ""}`;
}

/** Encodes a request for `POST /model/{modelId}/converse`. What a caller of this dialect wrote comes out as it went in. */
export function encodeRequest(request: ChatRequest, target: TargetContext): EncodedRequest {
  const context = contextOf(request, target);
  return {
    path: conversePath(target.model, request.stream),
    body: encodeBody(request, target, context),
    headers: {},
  };
}

function contextOf(request: ChatRequest, { model, warnings }: TargetContext): EncodeContext {
  return {
    family: familyOf(model),
    traits: modelTraits(model),
    native: ownFields(request.extensions) !== undefined,
    warnings,
    points: request.cache === undefined ? 0 : 1,
    documents: new Set(),
  };
}

function encodeBody(request: ChatRequest, target: TargetContext, context: EncodeContext): JsonObject {
  const own = ownFields(request.extensions);
  const format = encodeFormat(request, own, context);
  const system = withInstruction(encodeSystem(request.items, context), format.instruction);
  const messages = encodeMessages(request.items, context);
  markEnd(request, messages, context);
  const toolConfig = encodeToolConfig(request, messages, context);
  const maxTokens = maxTokensOf(request, target, context);
  const fields = encodeModelFields(request, own ?? {}, context, {
    maxTokens: maxTokens ?? target.maxOutputTokens ?? context.traits.maxOutput,
    forcedTool: isForced(toolConfig),
    forcingNeedsOff: true,
    goesOnUnthought: () => goesOnUnthought(messages),
  });
  warnUnsupported(request, context);
  const {
    inferenceConfig,
    toolConfig: _tools,
    additionalModelRequestFields: wrote,
    outputConfig,
    ...others
  } = own ?? {};
  return {
    ...others,
    ...(hasMessages(messages, request) && { messages }),
    ...(system !== undefined && { system }),
    ...inferenceOf(inferenceConfig, request, maxTokens, fields, context),
    ...(toolConfig !== undefined && { toolConfig }),
    ...additionalOf(wrote, fields),
    ...outputConfigOf(outputConfig, fields, format.format),
    ...tierOf(request, context),
    ...metadataOf(request, context),
  };
}

/** A caller of this dialect may leave the messages to a stored prompt. */
function hasMessages(messages: readonly WireMessage[], { items }: ChatRequest): boolean {
  return messages.length > 0 || items.length > 0;
}

function withInstruction(system: WireBlock[] | undefined, instruction: string | undefined): WireBlock[] | undefined {
  return instruction === undefined ? system : [...(system ?? []), { text: instruction }];
}

/** A marker of the whole request stands at its end. */
function markEnd({ cache }: ChatRequest, messages: readonly WireMessage[], context: EncodeContext): void {
  const last = messages.at(-1)?.content;
  if (cache === undefined || last === undefined) return;
  if (!context.family.caching)
    warn(context, "unsupported_field", "cache_control", "the model has no prompt cache: its markers were left out");
  else if (last.at(-1)?.["cachePoint"] === undefined) last.push(encodeCachePoint(cache));
}

/** A caller of another dialect may ask for more than the model gives. */
function maxTokensOf(request: ChatRequest, target: TargetContext, context: EncodeContext): number | undefined {
  const limit = target.maxOutputTokens;
  const wanted = request.maxOutputTokens;
  if (wanted === undefined || limit === undefined || wanted <= limit || context.native) return wanted;
  warn(context, "changed_field", "max_tokens", `the model's limit of ${limit} output tokens was sent`);
  return limit;
}

function inferenceOf(
  wrote: JsonObject[string],
  request: ChatRequest,
  maxTokens: number | undefined,
  { inference, additional }: ModelFields,
  context: EncodeContext,
): JsonObject | undefined {
  const stop = request.stop?.filter((text) => context.native || text.trim() !== "");
  if (stop?.length !== request.stop?.length)
    warn(context, "unsupported_field", "stop", "stop sequences of white space only were left out");
  const budget = Number(objectOf(additional["thinking"])["budget_tokens"] ?? 0);
  // A budget has to stay below a limit that is stated.
  const most = maxTokens ?? (budget > 0 && !context.native ? context.traits.maxOutput : undefined);
  const config = {
    ...objectOf(wrote),
    ...(most !== undefined && { maxTokens: most }),
    ...inference,
    ...(stop !== undefined && (stop.length > 0 || context.native) && { stopSequences: stop }),
  };
  return Object.keys(config).length > 0 || wrote !== undefined ? { inferenceConfig: config } : undefined;
}

function additionalOf(wrote: JsonObject[string], { additional }: ModelFields): JsonObject | undefined {
  if (wrote !== undefined) return { additionalModelRequestFields: wrote };
  return Object.keys(additional).length > 0 ? { additionalModelRequestFields: additional } : undefined;
}

function outputConfigOf(
  wrote: JsonObject[string],
  { effort }: ModelFields,
  format: JsonObject | undefined,
): JsonObject | undefined {
  if (wrote !== undefined) return { outputConfig: wrote };
  if (effort === undefined && format === undefined) return undefined;
  return {
    outputConfig: { ...(format !== undefined && { textFormat: format }), ...(effort !== undefined && { effort }) },
  };
}

function tierOf({ serviceTier: tier }: ChatRequest, context: EncodeContext): JsonObject | undefined {
  if (tier === undefined) return undefined;
  if (context.native) return { serviceTier: { type: tier } };
  const known = Object.hasOwn(SERVICE_TIERS, tier) ? SERVICE_TIERS[tier] : undefined;
  if (known === undefined) warn(context, "unsupported_field", "service_tier", `service tier ${tier} was left out`);
  return known === undefined || known === null ? undefined : { serviceTier: { type: known } };
}

/** Keys and values of `requestMetadata`, and how many there may be (`API_runtime_Converse`). */
const METADATA = /^[a-zA-Z0-9\s:_@$#=/+,\-.]{0,256}$/;
const MOST_METADATA = 16;

function metadataOf({ metadata }: ChatRequest, context: EncodeContext): JsonObject | undefined {
  if (metadata === undefined) return undefined;
  if (context.native) return { requestMetadata: metadata };
  const entries = Object.entries(metadata);
  const fitting = entries
    .filter(([key, value]) => key !== "" && METADATA.test(key) && typeof value === "string" && METADATA.test(value))
    .slice(0, MOST_METADATA);
  if (fitting.length < entries.length)
    warn(context, "unsupported_field", "metadata", "metadata that the target does not take was left out");
  return fitting.length > 0 ? { requestMetadata: Object.fromEntries(fitting) } : undefined;
}
