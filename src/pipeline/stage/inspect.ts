import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { AnyTaskCodec, CallRequest } from "../../canonical/task.ts";
import type { RawBody } from "../../domain/attempt/patch.ts";
import { weighRequest } from "../../domain/ledger/estimate.ts";
import type { RequestContext, Stage } from "../context.ts";
import { cleanPath } from "../passthrough/clean-path.ts";
import { knownWire, type KnownWire } from "../passthrough/known-wire.ts";
import type { Passing } from "../passthrough/passing.ts";
import type { ReadyProvider } from "../provider.ts";
import { toolModels } from "../tool-models.ts";
import { percentDecoded } from "../../lib/percent-decode.ts";

/** What `pass` sends, as `inspect` found it. */
export interface Inspected {
  passing: Passing;
  provider: ReadyProvider;
  /** Checked, below the base URL. */
  path: string;
  known: KnownWire | null;
  /** Set when the body had to be read. */
  bytes: Uint8Array | null;
}

/**
 * Looks at a request that passes through: whether its caller may send it, and as what it is metered. The body is only read
 * where one of the two depends on it.
 */
export const inspect: Stage = {
  name: "inspect",
  readsBody: true,
  async admit(context: RequestContext): Promise<void> {
    const { passing } = context.arrival;
    if (passing === undefined) throw new Error("the request does not pass through");
    const provider = providerOf(context, passing);
    const path = provider.keys[0]?.pathBelow(cleanPath(passing.path)) ?? cleanPath(passing.path);
    const known = knownWire(context.runtime, provider, passing.method, path);
    const isBound = boundToModels(context, provider);
    const inspected: Inspected = { passing, provider, path, known, bytes: null };
    context.inspected = inspected;
    const isRead = known !== null || isBound || provider.keys.some(({ isSigned }) => isSigned);
    const body = isRead ? await takeBody(inspected, known !== null || isBound) : null;
    if (isBound) checkModels(context, inspected, body);
    context.isMetered = known !== null;
    context.request =
      known === null ? unmetered() : decodeKnown(context, known, body, inspected.bytes?.byteLength ?? 0);
    context.targets = [{ provider: provider.data.name, model: context.request.model }];
  },
};

function providerOf(context: RequestContext, { provider: asked }: Passing): ReadyProvider {
  const name = context.snapshot.providerNamed(asked);
  const provider = name === undefined ? undefined : context.snapshot.providers.get(name);
  if (provider === undefined) {
    const shown = JSON.stringify(asked.slice(0, 100));
    throw new GatewayError("route_not_found", `provider ${shown} is not configured`);
  }
  const { caller } = context;
  if (caller !== null && !caller.grants.has(provider.data.name)) {
    const text = `${provider.data.name}: provider not allowed for this virtual key`;
    throw new GatewayError("provider_not_allowed", text);
  }
  return provider;
}

/** True for a caller that may not use every model of the provider. */
function boundToModels({ caller }: RequestContext, { data }: ReadyProvider): boolean {
  return caller?.grants.get(data.name)?.allowsAll === false;
}

async function takeBody(inspected: Inspected, isParsed: boolean): Promise<RawBody | null> {
  const { body } = inspected.passing;
  if (body === null) return null;
  inspected.bytes = await body.read();
  body.ended();
  return isParsed && inspected.bytes.byteLength > 0 ? body.parse(inspected.bytes) : null;
}

function checkModels(context: RequestContext, { known, passing, provider }: Inspected, body: RawBody | null): void {
  const models = modelsOf(known, passing, body);
  const grant = context.caller?.grants.get(provider.data.name);
  if (models.length === 0) {
    const text = `${provider.data.name}: this virtual key may only use some models, and the request does not tell its model; passing it through needs a grant of ["*"]`;
    throw new GatewayError("model_not_allowed", text, { param: "model" });
  }
  const refused = models.find((model) => grant?.allowed.test(model) !== true);
  if (refused === undefined) return;
  const shown = JSON.stringify(`${provider.data.name}/${refused.slice(0, 200)}`);
  throw new GatewayError("model_not_allowed", `${shown}: model not allowed for this virtual key`, { param: "model" });
}

/** All models that a request names, wherever providers look for them. */
function modelsOf(known: KnownWire | null, { path, query }: Passing, body: RawBody | null): string[] {
  const inPath = known?.pathModel == null ? namedInPath(path) : [known.pathModel];
  const inBody = body === null ? [] : namedBy(known, uniqueBody(body));
  return [...inPath, ...new URLSearchParams(query).getAll("model"), ...inBody].map(withoutFolder);
}

/** What models and what stands for one follows in paths; a method stands behind a colon. Case is not minded everywhere. */
const IN_PATH = /\/(?:models?|tunedmodels|deployments|engines|endpoints)\/([^/]+)/gi;

function namedInPath(path: string): string[] {
  const named = [...percentDecoded(path).matchAll(IN_PATH)];
  return named.map(([, name = ""]) => name.replace(/:[a-z]+$/i, ""));
}

/** Gemini writes `models/NAME` where others write the name. */
function withoutFolder(model: string): string {
  return model.startsWith("models/") ? model.slice("models/".length) : model;
}

/** Of what is not known each part may be a request of its own, as in a batch. */
function namedBy(known: KnownWire | null, body: JsonObject): string[] {
  return known === null ? namedWithin(body, []) : [...namedIn(body), ...toolModels(body)];
}

function namedWithin(value: Json, found: string[]): string[] {
  if (Array.isArray(value)) for (const each of value) namedWithin(each, found);
  else if (isJsonObject(value)) {
    found.push(...namedIn(value));
    for (const each of Object.values(value)) if (each !== undefined) namedWithin(each, found);
  }
  return found;
}

const MODEL_FIELDS = ["model", "models", "fallbacks", "model_id", "modelId"];

function namedIn(body: JsonObject): string[] {
  const found: string[] = [];
  for (const field of MODEL_FIELDS) {
    const value = body[field];
    for (const each of Array.isArray(value) ? value : [value]) {
      if (typeof each === "string") found.push(each);
      else if (isJsonObject(each) && typeof each["model"] === "string") found.push(each["model"]);
    }
  }
  return found;
}

/** Of a field that stands twice, gateway and provider could each take another for the value. */
function uniqueBody({ json, scan }: RawBody): JsonObject {
  const [field] = scan.duplicates;
  if (field === undefined) return json;
  throw new GatewayError("invalid_request", `${field.slice(0, 100)}: stands in the body twice`, { param: field });
}

function unmetered(): CallRequest {
  return { model: "", stream: false, warnings: [] };
}

/** Reads the request as the provider will, to weigh it; the bytes go on as they came. */
function decodeKnown(context: RequestContext, known: KnownWire, body: RawBody | null, length: number): CallRequest {
  const { arrival, runtime } = context;
  if (body === null) throw new GatewayError("invalid_json", "the body is empty; a JSON object is needed");
  const json = uniqueBody(body);
  const path = known.pathModel === null ? {} : { pathModel: known.pathModel };
  if (known.operation === "chat") {
    const dialect = runtime.dialects.get(known.wire.dialect);
    if (dialect === undefined) throw new Error(`dialect ${known.wire.dialect} is not installed`);
    const chat = dialect.decodeRequest({
      body: json,
      ...path,
      ...(known.pathModel !== null && { pathStream: known.isStream }),
    });
    arrival.chat = dialect;
    context.chatRequest = chat;
    context.size = weighRequest(chat, length);
    return chat;
  }
  const task = runtime.taskDialects.get(known.wire.dialect)?.tasks[known.operation] as AnyTaskCodec | undefined;
  if (task === undefined) throw new Error(`dialect ${known.wire.dialect} lacks ${known.operation}`);
  const request = task.decodeRequest({ body: json, form: body.form, ...path });
  context.size = { hasMedia: false, ...task.weigh(request) };
  return request;
}
