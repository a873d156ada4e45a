import type { EncodedRequest, TargetContext } from "../../canonical/dialect.ts";
import { foreignFields } from "../../canonical/foreign-fields.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { encodeMessages } from "./encode-messages.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn } from "./encode-context.ts";
import { encodeSampling } from "./encode-sampling.ts";
import { encodeThinking, modelThinks } from "./encode-thinking.ts";
import { encodeToolFields } from "./encode-tools.ts";
import { CHAT_PATH, DIALECT } from "./wire.ts";

/**
 * Encodes a request for `POST /v2/chat` (https://docs.cohere.com/reference/chat). Settings and content that the API has no
 * form for are left out with a warning; a caller of this dialect gets through what it wrote.
 */
export function encodeRequest(request: ChatRequest, target: TargetContext): EncodedRequest {
  const own = request.extensions[DIALECT];
  const native = own !== undefined;
  const thinks = native || modelThinks(target.model);
  const context: EncodeContext = { native, thinks, warnings: target.warnings, documents: [], images: [] };
  warnUnsupported(request, context);
  const messages = encodeMessages(request.items, context);
  const tools = encodeToolFields(request, own ?? {}, context);
  const { thinking: wrote, ...others } = own ?? {};
  const body: JsonObject = {
    ...others,
    model: target.model,
    messages,
    ...(context.documents.length > 0 && { documents: context.documents }),
    ...tools,
    ...(others["response_format"] === undefined && encodeFormat(request, "tools" in tools, context)),
    ...encodeSampling(request, context),
    ...encodeThinking(request.reasoning, wrote, context),
    ...(request.stream && { stream: true }),
  };
  return { path: CHAT_PATH, body, headers: {} };
}

/** Settings that the wire has no field for, in the caller's words, and whether the request asks for more than the default. */
const FIELDS: readonly [string, (request: ChatRequest) => boolean][] = [
  ["n", (request) => (request.n ?? 1) > 1],
  ["parallel_tool_calls", (request) => request.parallelToolCalls === false],
  ["top_logprobs", (request) => (request.topLogprobs ?? 0) > 0],
  ["logit_bias", (request) => Object.keys(request.logitBias ?? {}).length > 0],
  ["verbosity", (request) => request.verbosity !== undefined && request.verbosity !== "medium"],
  ["service_tier", ({ serviceTier: tier }) => tier !== undefined && tier !== "auto" && tier !== "default"],
  ["prompt_cache_key", (request) => request.promptCacheKey !== undefined],
  ["cache_control", (request) => request.cache !== undefined],
  ["user", (request) => request.endUser !== undefined],
  ["metadata", (request) => Object.keys(request.metadata ?? {}).length > 0],
  ["store", (request) => request.store === true],
  ["previous_response_id", (request) => request.previousResponseId !== undefined],
  ["modalities", (request) => request.modalities?.some((modality) => modality.toLowerCase() !== "text") === true],
];

function warnUnsupported(request: ChatRequest, context: EncodeContext): void {
  const unsupported = FIELDS.filter(([, isSet]) => isSet(request)).map(([field]) => field);
  for (const field of [...unsupported, ...foreignFields(request, DIALECT)]) {
    warn(context, "unsupported_field", field, `${field} has no equivalent and was left out`);
  }
}

/** `json_object` with or without a schema; the API refuses it beside tools and documents (vendor SDK: `ResponseFormatV2`). */
function encodeFormat(
  { responseFormat: format }: ChatRequest,
  hasTools: boolean,
  context: EncodeContext,
): JsonObject | undefined {
  if (format === undefined) return undefined;
  if (format.type === "text") return context.native ? { response_format: { type: "text" } } : undefined;
  if (!context.native && (hasTools || context.documents.length > 0)) {
    warn(
      context,
      "unsupported_field",
      "response_format",
      "response_format was left out: the API refuses it beside tools and documents",
    );
    return undefined;
  }
  const schema = format.type === "json_schema" ? { json_schema: format.schema } : {};
  return { response_format: { type: "json_object", ...schema } };
}
