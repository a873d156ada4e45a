import type { Dialect, TargetContext } from "../canonical/dialect.ts";
import { GatewayError } from "../canonical/errors.ts";
import { patchBody } from "../domain/attempt/patch.ts";
import type { Target } from "../domain/route/data.ts";
import type { RequestContext } from "./context.ts";
import { holdsForeignState } from "./foreign-state.ts";
import type { ReadyProvider } from "./provider.ts";

/** A request as it goes to one target. */
export interface Prepared {
  path: string;
  body: string;
  /** Beyond those of the key: lower-case names. */
  headers: Record<string, string>;
  /** The dialect that the upstream answers in. */
  dialect: Dialect;
  /** The answer's bytes go to the client as they are. */
  isRelay: boolean;
  /** The relay asked for usage that the client did not ask for: the event that brings it is softened. */
  softensUsage: boolean;
}

/** Builds the upstream request: the client's own bytes where the dialects match, else encoded anew. */
export function prepare(context: RequestContext, target: Target, provider: ReadyProvider): Prepared {
  const { dialect } = context.arrival;
  const isSame = provider.data.manifest.dialects.includes(dialect.name);
  const isAsIs = isSame && context.outputCap === null && !holdsForeignState(context.chat, dialect.name);
  if (isAsIs) return prepareRelay(context, target, provider);
  const name = isSame ? dialect.name : provider.dialectFor(target.model);
  return prepareEncoded(context, target, dialectOf(context, provider, name), provider);
}

function prepareRelay(context: RequestContext, target: Target, provider: ReadyProvider): Prepared {
  const { arrival, chat } = context;
  const { dialect, body } = arrival;
  const edits = new Map<string, string | null>();
  if (dialect.modelInBody && target.model !== chat.model) edits.set("model", JSON.stringify(target.model));
  if (context.ownFallbacks !== null) edits.set("fallbacks", null);
  const usage =
    chat.stream && !provider.data.manifest.flags.noStreamOptions ? dialect.streamUsage?.edit(body.json) : null;
  if (usage) edits.set(usage.key, usage.value);
  const isUntouched = edits.size === 0 && body.scan.duplicates.size === 0;
  return {
    path: provider.basePath + dialect.relayPath(target.model, chat.stream),
    body: isUntouched ? body.text : patchBody(body, edits),
    headers: forwardedHeaders(context, provider),
    dialect,
    isRelay: true,
    softensUsage: Boolean(usage),
  };
}

function prepareEncoded(context: RequestContext, target: Target, dialect: Dialect, provider: ReadyProvider): Prepared {
  const { path, body, headers } = dialect.encodeRequest(
    requestFor(context, target),
    targetContext(context, target, provider),
  );
  const own = dialect === context.arrival.dialect ? forwardedHeaders(context, provider) : {};
  return {
    path: provider.basePath + path,
    body: JSON.stringify(body),
    headers: { ...own, ...headers },
    dialect,
    isRelay: false,
    softensUsage: false,
  };
}

/** The upstream's own count where one of its dialects has it; null: the gateway estimates. */
export function prepareCount(context: RequestContext, target: Target, provider: ReadyProvider): Prepared | null {
  const names = provider.data.manifest.dialects;
  const dialect = names
    .map((name) => dialectOf(context, provider, name))
    .find((each) => each.countTokens !== undefined);
  if (dialect?.countTokens === undefined) return null;
  const encoded = dialect.countTokens.encodeRequest(
    requestFor(context, target),
    targetContext(context, target, provider),
  );
  const { path, body, headers } = encoded;
  return {
    path: provider.basePath + path,
    body: JSON.stringify(body),
    headers,
    dialect,
    isRelay: false,
    softensUsage: false,
  };
}

function requestFor(context: RequestContext, target: Target): RequestContext["chat"] {
  const capped = context.outputCap === null ? {} : { maxOutputTokens: context.outputCap };
  return { ...context.chat, model: target.model, ...capped };
}

function targetContext(context: RequestContext, target: Target, provider: ReadyProvider): TargetContext {
  const limit = context.runtime.catalog.findModel(target.provider, target.model)?.maxOutputTokens;
  return {
    model: target.model,
    warnings: context.warnings,
    flags: provider.data.manifest.flags,
    ...(limit != null && { maxOutputTokens: limit }),
  };
}

function dialectOf(context: RequestContext, provider: ReadyProvider, name: Dialect["name"] | undefined): Dialect {
  const dialect = name === undefined ? undefined : context.runtime.dialects.get(name);
  if (dialect === undefined) throw new GatewayError("internal_error", `provider ${provider.data.name} has no dialect`);
  return dialect;
}

function forwardedHeaders(context: RequestContext, provider: ReadyProvider): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of provider.data.manifest.forwardHeaders) {
    const value = context.arrival.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  return headers;
}
