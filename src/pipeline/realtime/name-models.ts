import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { RequestContext } from "../context.ts";
import type { Target } from "../../domain/route/data.ts";

/** Some protocols write a model as the name of a resource. */
const RESOURCE = "models/";

/** What a message named. */
export interface NamedModels {
  /** It names models at all: it is to be written anew, so that the provider reads what the gateway has read. */
  isAny: boolean;
  /** The model beside the session's own. */
  helper: string | null;
}

/**
 * Puts the provider's names of models into a client's message. Throws when it asks for a model that the session may
 * not have.
 */
export function nameModels(context: RequestContext, target: Target, message: JsonObject): NamedModels {
  const slots = context.socket.codec.modelSlots(message);
  let helper: string | null = null;
  for (const { holder, key, role } of slots) {
    const value = holder[key];
    if (typeof value !== "string") throw refuse(`${key} must be a string`);
    const prefix = value.startsWith(RESOURCE) ? RESOURCE : "";
    const asked = value.slice(prefix.length);
    const isOwn = asked === context.call.model || asked === target.model;
    if (!isOwn && role === "session") throw refuse("the model of a session is the one that it was opened with");
    const name = isOwn ? target.model : helperModel(context, target, asked);
    holder[key] = prefix + name;
    if (role === "helper") helper = name;
  }
  return { isAny: slots.length > 0, helper };
}

/** Throws when a message asks for another model than the session's: what a session of another protocol has beside it is the provider's. */
export function checkModel(context: RequestContext, message: JsonObject): void {
  for (const { holder, key, role } of context.socket.codec.modelSlots(message)) {
    const value = holder[key];
    if (typeof value !== "string") throw refuse(`${key} must be a string`);
    const asked = value.startsWith(RESOURCE) ? value.slice(RESOURCE.length) : value;
    if (role === "session" && asked !== context.call.model)
      throw refuse("the model of a session is the one that it was opened with");
  }
}

/** True when the caller may use a model beside the session's own. */
export function mayHelp({ caller }: RequestContext, target: Target, model: string | null): boolean {
  return model !== null && (caller === null || caller.grants.get(target.provider)?.allowed.test(model) === true);
}

/** A model beside the session's own serves at the same provider, and the caller must be allowed to use it. */
function helperModel({ snapshot, caller }: RequestContext, target: Target, asked: string): string {
  const { provider, model } = snapshot.router.resolver.split(asked);
  if (provider !== null && provider !== target.provider) {
    throw refuse(`the session is at provider ${target.provider}, ${JSON.stringify(asked.slice(0, 200))} is not`);
  }
  const name = provider === null ? asked : model;
  if (caller === null || caller.grants.get(target.provider)?.allowed.test(name) === true) return name;
  throw new GatewayError(
    "model_not_allowed",
    `${JSON.stringify(name.slice(0, 200))}: model not allowed for this virtual key`,
  );
}

function refuse(text: string): GatewayError {
  return new GatewayError("invalid_request", text, { param: "model" });
}
