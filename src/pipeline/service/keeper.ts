import { ERRORS, GatewayError, upstreamErrorCode } from "../../canonical/errors.ts";
import { objectFrom, type JsonObject } from "../../canonical/json.ts";
import type { KeptThing } from "../../canonical/provider.ts";
import type { FormPart } from "../../canonical/task.ts";
import { writeForm } from "../../lib/multipart.ts";
import { addWarning } from "../../canonical/warning.ts";
import { orderKeys } from "../../domain/balance/keys.ts";
import type { Reply, RequestContext } from "../context.ts";
import { PassingCall } from "../passthrough/passing-call.ts";
import { passingRequest } from "../passthrough/passing-request.ts";
import type { ReadyKey } from "../provider-key.ts";
import type { ReadyProvider } from "../provider.ts";

/** A provider that keeps something, and the key that it is kept with. */
export interface Keeper {
  provider: ReadyProvider;
  key: ReadyKey;
}

/** What is asked of a keeper. */
export interface KeeperRequest {
  method: "GET" | "POST" | "DELETE";
  /** Below the base URL; ids in it must be percent-encoded. */
  path: string;
  query?: string;
  body?: JsonObject;
  form?: readonly FormPart[];
}

/** The keeper that a stored name of provider and key leads to. */
export function keeperOf(context: RequestContext, providerName: string, keyName: string): Keeper {
  const provider = context.snapshot.providers.get(providerName);
  const key = provider?.keys.find(({ data }) => data.name === keyName);
  if (provider === undefined || key === undefined) {
    throw new GatewayError("not_found", `it is kept by provider ${providerName}, which is not configured any more`);
  }
  checkGrant(context, providerName);
  return { provider, key };
}

/** The provider that a request names for something new; null: it names none, or this gateway itself. */
export function namedKeeper(context: RequestContext, name: string | null, thing: KeptThing): Keeper | null {
  if (name === null || name === "" || name === "trunkline") return null;
  const known = context.snapshot.providerNamed(name);
  const provider = known === undefined ? undefined : context.snapshot.providers.get(known);
  if (provider === undefined) {
    throw new GatewayError("invalid_request", `provider ${JSON.stringify(name.slice(0, 100))} is not configured`, {
      param: "provider",
    });
  }
  if (provider.data.manifest.keeps?.includes(thing) !== true) {
    const text = `provider ${provider.data.name} has no ${thing}: leave the provider out, and the gateway keeps them itself`;
    throw new GatewayError("unsupported_operation", text, { param: "provider" });
  }
  checkGrant(context, provider.data.name);
  const { health, draw, clock } = context.runtime;
  const [key] = orderKeys(provider.keys, "", health, clock.wall(), draw);
  if (key === undefined) throw new GatewayError("no_target", `provider ${provider.data.name} has no key for this`);
  return { provider, key };
}

function checkGrant({ caller }: RequestContext, provider: string): void {
  if (caller === null || caller.grants.has(provider)) return;
  throw new GatewayError("provider_not_allowed", `${provider}: provider not allowed for this virtual key`);
}

/** True when the caller may use every model that a keeper is to be asked for. */
export function checkModels({ caller }: RequestContext, { provider }: Keeper, models: Iterable<string>): void {
  const allowed = caller?.grants.get(provider.data.name)?.allowed;
  if (caller === null) return;
  for (const model of models) {
    if (allowed?.test(model) === true) continue;
    const shown = JSON.stringify(`${provider.data.name}/${model.slice(0, 200)}`);
    throw new GatewayError("model_not_allowed", `${shown}: model not allowed for this virtual key`, { param: "model" });
  }
}

/** What a keeper bills for work that it does later is not known here; a budget may refuse that. */
export function noteUnknownCost(context: RequestContext, { provider }: Keeper): void {
  const { caller, snapshot, warnings } = context;
  const budgets = [caller?.budgets, caller?.grants.get(provider.data.name)?.budgets];
  if (budgets.some((list) => list !== undefined && list.length > 0) && snapshot.data.unknownPrice === "refuse") {
    throw new GatewayError("budget_exceeded", "a budget applies and the cost of a batch at a provider is unknown");
  }
  addWarning(warnings, {
    code: "price_unknown",
    field: "provider",
    message: "what the batch costs is not known: not counted",
  });
  context.isMetered = false;
}

/** Asks a keeper; its answer reaches the client as it is, chunk by chunk. */
export function passTo(context: RequestContext, keeper: Keeper, asked: KeeperRequest): Promise<Reply> {
  return send(context, keeper, asked, false);
}

async function send(
  context: RequestContext,
  { provider, key }: Keeper,
  asked: KeeperRequest,
  isHeld: boolean,
): Promise<Reply> {
  const { runtime } = context;
  const { data, contentType } = bodyOf(asked);
  const started = runtime.clock.monotonic();
  context.served = { provider: provider.data.name, model: "", key: key.data.name };
  const note = (status: number): void => {
    const code = status >= 200 && status < 400 ? null : upstreamErrorCode(status);
    const ms = Math.round((runtime.clock.monotonic() - started) * 1000) / 1000;
    context.attempts.push({ provider: provider.data.name, model: "", key: key.data.name, status, code, ms });
    if (code !== null) context.outcome = ERRORS[code].outcome;
  };
  const request = await passingRequest(context, provider, key, {
    method: asked.method,
    path: asked.path,
    query: asked.query ?? "",
    body: data,
    headers: withoutLength(context),
    ...(contentType !== null && { contentType }),
  });
  const call = new PassingCall(context, provider, null, {
    isHeld,
    answered(status) {
      note(status);
      return null;
    },
  });
  return call.open(request, () => {});
}

/** The client's content type is of its own body. */
function withoutLength({ arrival: { headers } }: RequestContext): typeof headers {
  return {
    get: (name) => (isOfBody(name) ? null : headers.get(name)),
    keys: () => [...headers.keys()].filter((name) => !isOfBody(name)),
    toJSON: () => Object.fromEntries(Object.entries(headers.toJSON()).filter(([name]) => !isOfBody(name))),
  };
}

function isOfBody(name: string): boolean {
  return name.startsWith("content-");
}

function bodyOf({ body, form }: KeeperRequest): { data: Uint8Array | null; contentType: string | null } {
  if (form !== undefined) return writeForm(form);
  if (body === undefined) return { data: null, contentType: null };
  return { data: Buffer.from(JSON.stringify(body)), contentType: "application/json" };
}

/** Asks a keeper for a JSON object. What it refuses with is the reply. */
export async function askKeeper(
  context: RequestContext,
  keeper: Keeper,
  asked: KeeperRequest,
): Promise<{ json: JsonObject } | { reply: Reply }> {
  const reply = await send(context, keeper, asked, true);
  const json = reply.status < 300 ? parsed(reply.body) : null;
  return json === null ? { reply } : { json };
}

function parsed(bytes: Reply["body"]): JsonObject | null {
  return bytes instanceof ReadableStream ? null : (objectFrom(Buffer.from(bytes).toString("utf8")) ?? null);
}
