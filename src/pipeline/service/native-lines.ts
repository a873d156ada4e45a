import { objectFrom, objectIn, type Json, type JsonObject } from "../../canonical/json.ts";
import type { KeptThing } from "../../canonical/provider.ts";
import type { RequestContext } from "../context.ts";
import { toolModels } from "../tool-models.ts";

/** Requests of a batch whose models all name one provider that has batches itself. */
export interface NativeLines<Line> {
  provider: string;
  /** With the models as the provider knows them. */
  lines: Line[];
  models: Set<string>;
}

/**
 * The provider that the models of a batch (`provider/model`) lead to, when they all lead to the same and it has what is asked
 * for; null: the gateway runs the batch itself, and does so too for callers with budgets, limits at that provider, or rules that refuse
 * or confine, which hold for every line only here, and for lines that go on from something, which has to be the caller's own.
 */
export function nativeLines(
  context: RequestContext,
  bodies: readonly JsonObject[],
  thing: KeptThing,
): NativeLines<JsonObject> | null {
  const { snapshot } = context;
  const [name] = splitModel(bodies[0]?.["model"]) ?? [];
  const provider = name === undefined ? undefined : snapshot.providers.get(name);
  if (provider === undefined || isBound(context, name)) return null;
  const { keeps, namedBatchesOnly } = provider.data.manifest;
  if (keeps?.includes(thing) !== true || namedBatchesOnly === true) return null;
  const models = new Set<string>();
  const lines: JsonObject[] = [];
  for (const body of bodies) {
    const [own, model] = splitModel(body["model"]) ?? [];
    if (own !== name || model === undefined || goesOn(body)) return null;
    models.add(model);
    for (const each of toolModels(body)) models.add(each);
    lines.push({ ...body, model });
  }
  return { provider: provider.data.name, lines, models };
}

/** Limits and binding rules hold for every line. */
function isBound({ caller, scopes, snapshot }: RequestContext, provider: string | undefined): boolean {
  if (snapshot.router.binds(scopes)) return true;
  if (caller === null) return false;
  const grant = provider === undefined ? undefined : caller.grants.get(provider);
  return caller.budgets.length + (grant === undefined ? 0 : grant.budgets.length + grant.rateLimits.length) > 0;
}

/** The parts of `provider/model`. */
function splitModel(model: Json | undefined): [string, string] | null {
  if (typeof model !== "string") return null;
  const slash = model.indexOf("/");
  return slash < 1 ? null : [model.slice(0, slash), model.slice(slash + 1)];
}

/** The models that the lines of a file name, those of tools among them; an empty one for a line that tells none. */
export function modelsIn(text: string): Set<string> {
  const models = new Set<string>();
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const body = lineBody(line) ?? {};
    const { model } = body;
    models.add(typeof model === "string" ? model : "");
    for (const each of toolModels(body)) models.add(each);
  }
  return models;
}

/** True when a line of a file goes on from a kept answer or a conversation. */
export function anyGoesOn(text: string): boolean {
  return text.split("\n").some((line) => goesOn(lineBody(line) ?? {}));
}

function goesOn({ conversation, previous_response_id: previous }: JsonObject): boolean {
  return conversation != null || previous != null;
}

/** The request within a line. */
export function lineBody(line: string): JsonObject | null {
  return objectIn(objectFrom(line)?.["body"]) ?? null;
}
