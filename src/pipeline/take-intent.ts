import { isJsonObject, type JsonObject } from "../canonical/json.ts";
import { addWarning } from "../canonical/warning.ts";
import { emptyIntent, type RoutingIntent } from "../domain/intent/intent.ts";
import { sortSuffix } from "../domain/intent/openrouter.ts";
import { readIntent } from "../domain/intent/read-intent.ts";
import type { RequestContext } from "./context.ts";
import type { ReadyProvider } from "./provider.ts";

/** Reads what the request wants of its routing; returns the body as decoders are to see it. */
export function takeIntent(context: RequestContext): JsonObject {
  const { headers, body, pathProvider } = context.arrival;
  const intent = readIntent(headers, body.json) ?? (pathProvider === null ? null : emptyIntent());
  context.intent = intent;
  if (intent === null) return body.json;
  intent.provider ??= pathProvider;
  context.explains = intent.explains;
  if (intent.timeoutMs !== null) context.limitTime(intent.timeoutMs);
  return withoutTaken(context, body.json, intent);
}

function withoutTaken(context: RequestContext, body: JsonObject, intent: RoutingIntent): JsonObject {
  if (intent.taken.length === 0 && Object.keys(intent.overrides).length === 0) return body;
  const out: JsonObject = { ...body, ...intent.overrides };
  for (const { field } of intent.taken) {
    const rest = leftOf(context, field);
    if (rest === undefined) delete out[field];
    else out[field] = rest;
  }
  // A list of models may stand in place of the one model.
  if (out["model"] === undefined && intent.fallbacks?.[0]?.model !== undefined && "models" in body)
    out["model"] = intent.fallbacks[0].model;
  return out;
}

/**
 * Adds to the edits of a relayed body what the intent took out of it, and warns of what is not honoured; where the provider
 * knows an extension itself, its fields go on and it decides.
 */
export function intentEdits(context: RequestContext, provider: ReadyProvider, edits: Map<string, string | null>): void {
  const { intent } = context;
  if (intent === null) return;
  const understood = provider.data.manifest.extensions ?? [];
  for (const { field, gateway } of intent.taken) {
    if (understood.includes(gateway)) continue;
    const rest = leftOf(context, field);
    edits.set(field, rest === undefined ? null : JSON.stringify(rest));
  }
  for (const [field, value] of Object.entries(intent.overrides)) {
    if (field !== "model") edits.set(field, JSON.stringify(value));
  }
  warnUnmet(context, understood);
}

/** What stays of a field whose gateway's part was taken: the options of providers, in a dialect that has them. */
function leftOf({ arrival }: RequestContext, field: string): JsonObject | undefined {
  const value = arrival.body.json[field];
  if (field !== "providerOptions" || arrival.chat?.hasProviderOptions !== true || !isJsonObject(value))
    return undefined;
  const { gateway: _gateway, ...rest } = value;
  return Object.keys(rest).length === 0 ? undefined : rest;
}

/** Warns of wishes that neither this gateway nor the provider (by the extensions that reach it) honours. */
export function warnUnmet({ intent, warnings }: RequestContext, understood: readonly string[]): void {
  for (const { gateway, field, message } of intent?.unmet ?? []) {
    if (!understood.includes(gateway)) addWarning(warnings, { code: "unsupported_field", field, message });
  }
}

/** Takes a sorting suffix off a model's name, unless it is asked of a provider that knows it itself. */
export function takeSortSuffix(model: string, context: RequestContext): string {
  const found = sortSuffix(model);
  if (found === null) return model;
  const { provider } = context.snapshot.router.resolver.split(model);
  const manifest = provider === null ? undefined : context.snapshot.providers.get(provider)?.data.manifest;
  if (manifest?.extensions?.includes("openrouter") === true) return model;
  context.intent ??= emptyIntent();
  context.intent.sort ??= found.sort;
  return found.model;
}
