import type { ChatProviderSide, Dialect, TargetContext } from "../canonical/dialect.ts";
import { GatewayError } from "../canonical/errors.ts";
import type { JsonObject } from "../canonical/json.ts";
import type { Wire } from "../canonical/provider.ts";
import type { ChatRequest, Item } from "../canonical/request.ts";
import { isShortCallId } from "../canonical/short-call-id.ts";
import { warnOnce } from "../canonical/warning.ts";
import { patchBody } from "../domain/attempt/patch.ts";
import type { Target } from "../domain/route/data.ts";
import { headersToBody, quirkEdits, withQuirks } from "./body-quirks.ts";
import { bindBody, boundEdits } from "./bound-fields.ts";
import type { RequestContext } from "./context.ts";
import { holdsForeignState, holdsUnsafeCallId, holdsUnsignedThought } from "./foreign-state.ts";
import type { Prepared, PreparedStream } from "./prepared.ts";
import type { ReadyProvider } from "./provider.ts";
import { forwardedHeaders } from "./forwarded-headers.ts";
import { intentEdits, warnUnmet } from "./take-intent.ts";
import { refusedNames, renameTools, type ToolNames } from "./tool-names.ts";
import { wantsWholeCalls } from "./whole-calls.ts";
import { wirePath } from "./wire-path.ts";
import { isWrittenInSteps } from "./write-in-steps.ts";

/** Builds the upstream request: the client's own bytes where the dialects match, else encoded anew. */
export function prepareChat(context: RequestContext, target: Target, provider: ReadyProvider): Prepared {
  const { name } = context.chatDialect;
  const own = provider.relayWire("chat", name, target.model);
  const isAsIs = own !== undefined && context.outputCap === null && mayPass(context, target, own);
  if (isAsIs) return prepareRelay(context, target, provider, own);
  const wire = own ?? provider.wiresFor("chat", target.model)[0];
  if (wire === undefined || context.arrival.isCompaction === true) throw unsupported(target);
  if (own === undefined && context.chat.relayOnly !== undefined) throw untranslatable(context.chat.relayOnly, target);
  return prepareEncoded(context, target, provider, wire);
}

const NOTHING: readonly string[] = [];
const NO_FLAGS: NonNullable<Wire["flags"]> = {};

/** False for what an upstream of the client's own dialect is known to refuse, or answers in a shape the client cannot read. */
function mayPass(context: RequestContext, { model }: Target, { flags = NO_FLAGS }: Wire): boolean {
  const { chat, chatDialect } = context;
  if (flags.streamsWholeCalls !== true && wantsWholeCalls(context)) return false;
  if (refusesByFlags(chat, flags)) return false;
  const { name, makers = [name] } = chatDialect;
  if (chatDialect.refusesUnsignedThoughts?.(model) === true && holdsUnsignedThought(chat)) return false;
  if (chatDialect.isMadeUp !== undefined && chat.items.some((item) => chatDialect.isMadeUp?.(item))) return false;
  if (chatDialect.refusesUnsafeCallIds?.(model) === true && holdsUnsafeCallId(chat)) return false;
  return !holdsForeignState(chat, makers);
}

function refusesByFlags(chat: ChatRequest, flags: NonNullable<Wire["flags"]>): boolean {
  if ((flags.answersAsMessage === true) !== (chat.answersAsMessage === true)) return true;
  if (flags.noJsonSchema === true && chat.responseFormat?.type === "json_schema") return true;
  if (flags.shortCallIds === true && chat.items.some(hasLongId)) return true;
  return flags.refusesDeveloperRole === true && chat.items.some(isDeveloper);
}

function hasLongId(item: Item): boolean {
  return (item.type === "tool_call" || item.type === "tool_result") && !isShortCallId(item.callId);
}

function isDeveloper(item: Item): boolean {
  return item.type === "message" && item.role === "developer";
}

function unsupported({ provider, model }: Target): GatewayError {
  return new GatewayError("unsupported_operation", `provider ${provider} does not offer this operation for ${model}`);
}

function untranslatable({ param, message }: { param: string; message: string }, target: Target): GatewayError {
  const { provider, model } = target;
  return new GatewayError("invalid_request", `${message} (${model} at ${provider})`, { param });
}

function prepareRelay(context: RequestContext, target: Target, provider: ReadyProvider, wire: Wire): Prepared {
  const { arrival, chat } = context;
  const { body } = arrival;
  const dialect = context.chatDialect;
  const edits = new Map<string, string | null>(body.edits);
  // What the request asks for may stand beside its body, which then names another model or none.
  if (dialect.modelInBody && target.model !== body.json["model"]) edits.set("model", JSON.stringify(target.model));
  intentEdits(context, provider, edits);
  boundEdits(context, provider, body.json, edits);
  const usage = chat.stream && !wire.flags?.noStreamOptions ? dialect.streamUsage?.edit(body.json) : null;
  if (usage) edits.set(usage.key, usage.value);
  quirkEdits(wire, body, edits, context.warnings);
  const headers = headersToEdits(wire, forwardedHeaders(context, provider), edits);
  const isUntouched = edits.size === 0 && body.scan.duplicates.size === 0;
  const path = relayPathOf(chat, dialect, target.model);
  return {
    wire,
    method: "POST",
    path: wirePath(wire, chat.stream ? "stream" : "whole", target.model, path),
    body: isUntouched ? body.text : patchBody(body, edits),
    headers: dialect.relayHeaders === undefined ? headers : { ...headers, ...dialect.relayHeaders(target.model, chat) },
    errors: dialect,
    isRelay: true,
    stream: streamOf(context, dialect, wire, usage ? (dialect.streamUsage?.soften ?? null) : null),
  };
}

function headersToEdits(
  wire: Wire,
  headers: Record<string, string>,
  edits: Map<string, string | null>,
): Record<string, string> {
  if (wire.body?.fromHeaders === undefined) return headers;
  return headersToBody(wire, headers, (field, value) => edits.set(field, JSON.stringify(value)));
}

function relayPathOf({ relayPath, stream }: RequestContext["chat"], dialect: Dialect, model: string): string {
  return relayPath ?? dialect.relayPath(model, stream);
}

function prepareEncoded(context: RequestContext, target: Target, provider: ReadyProvider, wire: Wire): Prepared {
  const dialect = dialectOf(context, wire);
  warnUnmet(context, NOTHING);
  const names = refusedNames(context.chat, context.chatDialect.name, wire.dialect);
  const request = requestFor(context, target, names);
  const { path, body, headers } = dialect.encodeRequest(request, targetContext(context, target, wire));
  const own = dialect === context.arrival.chat ? forwardedHeaders(context, provider) : {};
  const sent = withQuirks(wire, body, context.warnings);
  bindBody(context, provider, sent);
  const all = headersToBody(wire, { ...own, ...headers }, (field, value) => (sent[field] ??= value));
  return {
    wire,
    method: "POST",
    path: wirePath(wire, context.chat.stream ? "stream" : "whole", target.model, path),
    ...written(context, sent),
    headers: all,
    ...(names !== null && { toolNames: names }),
    errors: dialect,
    isRelay: false,
    stream: streamOf(context, dialect, wire, null),
  };
}

function written(context: RequestContext, body: JsonObject): Pick<Prepared, "body" | "unwritten"> {
  return isWrittenInSteps(context) ? { body: "", unwritten: body } : { body: JSON.stringify(body) };
}

function streamOf(
  context: RequestContext,
  dialect: ChatProviderSide,
  wire: Wire,
  soften: PreparedStream["soften"],
): PreparedStream | null {
  if (!context.chat.stream) return null;
  return { type: "chat", framing: wire.framing ?? dialect.framing, dialect, soften };
}

/** The upstream's own count where one of its dialects has it; null: the gateway estimates. */
export function prepareCount(context: RequestContext, target: Target, provider: ReadyProvider): Prepared | null {
  for (const wire of provider.wiresFor("count_tokens", target.model)) {
    const dialect = dialectOf(context, wire);
    if (dialect.countTokens === undefined) continue;
    const names = refusedNames(context.chat, context.chatDialect.name, wire.dialect);
    const request = requestFor(context, target, names);
    const { path, body, headers } = dialect.countTokens.encodeRequest(request, targetContext(context, target, wire));
    return {
      wire,
      method: "POST",
      path: wirePath(wire, "count_tokens", target.model, path),
      ...written(context, withQuirks(wire, body, context.warnings)),
      headers,
      errors: dialect,
      isRelay: false,
      stream: null,
    };
  }
  return null;
}

function requestFor(context: RequestContext, target: Target, names: ToolNames | null): ChatRequest {
  const capped = context.outputCap === null ? {} : { maxOutputTokens: context.outputCap };
  const request = { ...context.chat, model: target.model, ...capped };
  if (names === null) return request;
  warnOnce(
    context.warnings,
    "changed_field",
    "tools",
    "names that the target refuses were sent in a form that it takes",
  );
  return renameTools(request, names);
}

/** What encoders may know of the target. */
export function targetContext(context: RequestContext, target: Target, wire: Wire): TargetContext {
  const limit = context.runtime.catalog.findModel(target.provider, target.model)?.maxOutputTokens;
  return {
    model: target.model,
    warnings: context.warnings,
    flags: wire.flags ?? NO_FLAGS,
    ...(limit != null && { maxOutputTokens: limit }),
  };
}

/** How chat is done over a wire. */
export function dialectOf(context: RequestContext, { dialect: name }: Wire): ChatProviderSide {
  const dialect = context.runtime.chatProviders.get(name);
  if (dialect === undefined) throw new GatewayError("internal_error", `dialect ${name} is not installed`);
  return dialect;
}
