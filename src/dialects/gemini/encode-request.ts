import type { EncodedRequest, TargetContext } from "../../canonical/dialect.ts";
import { fitOutput } from "../../canonical/fit-output.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { foreignFields } from "../../canonical/foreign-fields.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { encodeConfig } from "./encode-config.ts";
import { encodeContents } from "./encode-contents.ts";
import { requestContext, type RequestContext, type Warn } from "./encode-context.ts";
import { encodeSystem } from "./encode-system.ts";
import { encodeToolConfig } from "./encode-tool-config.ts";
import { encodeTools } from "./encode-tools.ts";
import { generatePath } from "./paths.ts";
import { readList } from "./read.ts";
import { SAID_FORMAT } from "./response-format.ts";

/** Extension fields that other encoders put in place. */
const PLACED = new Set(["toolGroups", "toolConfig", "generationConfig", SAID_FORMAT]);

/** Service tiers of the Gemini API (`ServiceTier` in the typings). */
const TIERS = new Set(["flex", "standard", "priority", "unspecified"]);

/** Other vendors' names for what Gemini does without being asked. */
const DEFAULT_TIERS = new Set(["auto", "default"]);

/**
 * Encodes a request for `generateContent` or `streamGenerateContent?alt=sse`
 * (https://ai.google.dev/api/generate-content). What Gemini cannot express becomes a warning.
 *
 * The same request as a Gemini client sent comes out again, except that known snake_case fields become camelCase,
 * a bare string instruction becomes a content, an empty `tools` list goes, text of the model's in several contents becomes one
 * (see `joinTexts`), and a call of the current turn that a
 * Gemini 3 model would refuse for its missing signature gets the documented stand-in.
 */
export function encodeRequest(request: ChatRequest, target: TargetContext): EncodedRequest {
  const context = requestContext(request, target);
  const body: JsonObject = {};
  for (const [key, value] of Object.entries(request.extensions.gemini ?? {})) if (!PLACED.has(key)) body[key] = value;
  encodeConversation(request, body, context);
  const tools = encodeTools(request, context);
  if (tools !== undefined) body.tools = tools;
  const toolConfig = encodeToolConfig(request, context);
  if (toolConfig !== undefined) body.toolConfig = toolConfig;
  const config = encodeConfig(withFittingOutput(request, target), context);
  if (config !== undefined) body.generationConfig = config;
  encodeTier(request, body, context.warn);
  warnUnsupported(request, context.warn);
  return { path: generatePath(target.model, request.stream), body, headers: {} };
}

/** A conversation of instructions alone is refused (`contents` is required): they are then said by the user. */
function encodeConversation(request: ChatRequest, body: JsonObject, context: RequestContext): void {
  const system = encodeSystem(request.items, context);
  const contents = encodeContents(request.items, context);
  const own = request.extensions.gemini !== undefined;
  if (system !== undefined && contents.length === 0 && !own) {
    context.warn("changed_field", "messages", "Gemini wants a user message; the system instruction was sent as one");
    body.contents = [{ ...system, role: "user" }];
    return;
  }
  if (contents.length > 0 || !own) body.contents = contents;
  if (system === undefined) return;
  if (own || !context.traits.noSystem) body.systemInstruction = system;
  else body.contents = withInstruction(system, contents, context);
}

/** The contents of a model without system instructions, which then begin with what they say. */
function withInstruction(system: JsonObject, contents: JsonObject[], context: RequestContext): JsonObject[] {
  context.warn(
    "changed_field",
    "messages",
    "the model takes no system instruction; it was sent as the user's first words",
  );
  const said = readList(system, "parts") ?? [];
  const [first, ...rest] = contents;
  if (first?.role !== "user") return [{ role: "user", parts: said }, ...contents];
  return [{ ...first, parts: [...said, ...(readList(first, "parts") ?? [])] }, ...rest];
}

function encodeTier(request: ChatRequest, body: JsonObject, warn: Warn): void {
  const tier = request.serviceTier;
  if (tier === undefined || DEFAULT_TIERS.has(tier)) return;
  if (tier === "standard_only") body.serviceTier = "standard";
  else if (request.extensions.gemini !== undefined || TIERS.has(tier)) body.serviceTier = tier;
  else warn("unsupported_field", "service_tier", `Gemini has no service tier ${tier}`);
}

/** Fields of a request that Gemini has no place for, by the name that callers know. */
const UNSUPPORTED = [
  ["logitBias", "logit_bias"],
  ["verbosity", "verbosity"],
  ["promptCacheKey", "prompt_cache_key"],
  ["cache", "cache_control"],
  ["endUser", "user"],
  ["metadata", "metadata"],
  ["previousResponseId", "previous_response_id"],
] as const;

function warnUnsupported(request: ChatRequest, warn: Warn): void {
  for (const [name, field] of UNSUPPORTED) {
    if (request[name] !== undefined) warn("unsupported_field", field, `Gemini has no ${field}`);
  }
  for (const field of foreignFields(request, "gemini")) warn("unsupported_field", field, `Gemini has no ${field}`);
  if (request.store === true) warn("unsupported_field", "store", "Gemini does not keep answers for later retrieval");
}

function withFittingOutput(request: ChatRequest, target: TargetContext): ChatRequest {
  if (request.extensions.gemini !== undefined) return request;
  const maxOutputTokens = fitOutput(request, target);
  return maxOutputTokens === request.maxOutputTokens || maxOutputTokens === undefined
    ? request
    : { ...request, maxOutputTokens };
}
