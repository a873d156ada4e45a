import { GatewayError } from "../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../canonical/json.ts";
import { warnOnce } from "../canonical/warning.ts";
import type { RequestContext } from "./context.ts";
import type { ReadyProvider } from "./provider.ts";
import { toolModels } from "./tool-models.ts";

/** Of each provider by its name. */
const OPTIONS = "providerOptions";
/** Fields of a body in which a provider that is a gateway itself finds further models to try. */
const NAMING: readonly string[] = [
  "models",
  "fallbacks",
  "context_window_fallbacks",
  "content_policy_fallbacks",
  "preset",
  OPTIONS,
];

type Change = readonly [field: string, value: Json | undefined];
type Allows = (model: string) => boolean;
const NONE: readonly Change[] = [];

/**
 * Fields that could have a provider use a model that the caller's virtual key does not allow there, with what is left of
 * them (undefined: nothing); each with a warning. None for a caller that may use every model. Throws `model_not_allowed` where
 * a tool names one.
 */
function boundFields(context: RequestContext, { data: { name } }: ReadyProvider, body: JsonObject): readonly Change[] {
  const grant = context.caller?.grants.get(name);
  if (grant === undefined || grant.allowsAll) return NONE;
  const allows: Allows = (model) => grant.allowed.test(model);
  checkTools(name, body, allows);
  const found = NAMING.filter((field) => field in body && !isWithin(field, body[field], allows));
  for (const field of found)
    warnOnce(context.warnings, "unsupported_field", field, "may name models beyond those of the virtual key: left out");
  return found.map((field) => [field, field === OPTIONS ? withoutGateway(body[field]) : undefined]);
}

/** Tools that the provider runs may call a model of their own, such as Anthropic's advisor or OpenAI's image generation. */
function checkTools(provider: string, body: JsonObject, allows: Allows): void {
  const refused = toolModels(body).find((model) => !allows(model));
  if (refused === undefined) return;
  const shown = JSON.stringify(`${provider}/${refused.slice(0, 200)}`);
  throw new GatewayError("model_not_allowed", `a tool names ${shown}: model not allowed for this virtual key`, {
    param: "tools",
  });
}

/** Whether a value is nothing, or names only models that are allowed. */
function isWithin(field: string, stated: Json | undefined, allows: Allows): boolean {
  const value = field === OPTIONS ? gatewayModels(stated) : stated;
  return value == null || (Array.isArray(value) && value.every((each) => typeof each === "string" && allows(each)));
}

/** Of options by provider only those of a gateway name models. */
function gatewayModels(options: Json | undefined): Json | undefined {
  const gateway = isJsonObject(options) ? options["gateway"] : null;
  return isJsonObject(gateway) ? gateway["models"] : null;
}

function withoutGateway(value: Json | undefined): Json | undefined {
  if (!isJsonObject(value)) return undefined;
  const { gateway: _, ...rest } = value;
  return rest;
}

/** The same as edits of a relayed body. */
export function boundEdits(
  context: RequestContext,
  provider: ReadyProvider,
  body: JsonObject,
  edits: Map<string, string | null>,
): void {
  // What a header sets over the body's own goes on in its place.
  const sent = context.intent === null ? body : { ...body, ...context.intent.overrides };
  for (const [field, value] of boundFields(context, provider, sent))
    edits.set(field, value === undefined ? null : JSON.stringify(value));
}

/** The same in a body that was encoded anew. */
export function bindBody(context: RequestContext, provider: ReadyProvider, body: JsonObject): void {
  for (const [field, value] of boundFields(context, provider, body)) {
    if (value === undefined) delete body[field];
    else body[field] = value;
  }
}
