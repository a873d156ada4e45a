import { nearestRatio, takePixels } from "../canonical/aspect-ratio.ts";
import type { Json, JsonObject } from "../canonical/json.ts";
import type { BodyQuirks, Wire } from "../canonical/provider.ts";
import { addWarning, type Warning } from "../canonical/warning.ts";
import type { RawBody } from "../domain/attempt/patch.ts";

/** Adds a provider's changes to the edits of a relayed body. */
export function quirkEdits(wire: Wire, body: RawBody, edits: Map<string, string | null>, warnings: Warning[]): void {
  if (wire.modelInPath === true) edits.set("model", null);
  if (wire.body === undefined) return;
  const { omit = [], set = {} } = wire.body;
  for (const [from, to] of renames(wire.body, body.json)) {
    const edited = edits.get(from);
    if (!(to in body.json) && edited !== null) edits.set(to, edited ?? JSON.stringify(body.json[from]));
    edits.set(from, null);
  }
  for (const [field, value] of changedValues(wire.body, body.json, warnings)) edits.set(field, value);
  for (const field of omit) if (field in body.json) edits.set(field, null);
  for (const field of refused(wire.body, body.json, warnings)) edits.set(field, null);
  for (const [field, value] of Object.entries(set)) if (!(field in body.json)) edits.set(field, JSON.stringify(value));
}

/** The body with a provider's changes to it. */
export function withQuirks(wire: Wire, body: JsonObject, warnings: Warning[]): JsonObject {
  if (wire.modelInPath !== true && wire.body === undefined) return body;
  const quirks = wire.body ?? {};
  const { omit = [], set = {} } = quirks;
  const out: JsonObject = { ...body };
  if (wire.modelInPath === true) delete out["model"];
  for (const [from, to] of renames(quirks, out)) moveField(out, from, to);
  for (const [field, value] of changedValues(quirks, out, warnings)) setField(out, field, value);
  for (const field of omit) delete out[field];
  for (const field of refused(quirks, out, warnings)) delete out[field];
  for (const [field, value] of Object.entries(set)) out[field] ??= structuredClone<Json>(value);
  return out;
}

/** Fields whose values are said otherwise, as JSON text; null: the field goes. Fields that the body has itself stay. */
function changedValues(quirks: BodyQuirks, body: JsonObject, warnings: Warning[]): [string, string | null][] {
  const changed: [string, string | null][] = [];
  for (const [field, names] of Object.entries(quirks.values ?? {})) {
    const value = body[field];
    const name = typeof value === "string" && Object.hasOwn(names, value) ? names[value] : undefined;
    if (name !== undefined) changed.push([field, JSON.stringify(name)]);
  }
  if (quirks.size === undefined || body["size"] === undefined) return changed;
  changed.push(["size", null]);
  for (const [field, value] of Object.entries(sizeFields(quirks.size, body["size"], warnings)))
    if (!(field in body)) changed.push([field, JSON.stringify(value)]);
  return changed;
}

function sizeFields(form: NonNullable<BodyQuirks["size"]>, size: Json, warnings: Warning[]): JsonObject {
  const text = typeof size === "string" ? size : undefined;
  if (form === "width_height") return { ...takePixels(text, warnings) };
  const ratio = nearestRatio(text, form, warnings);
  return ratio === undefined ? {} : { aspect_ratio: ratio };
}

function setField(body: JsonObject, field: string, text: string | null): void {
  if (text === null) delete body[field];
  else body[field] = JSON.parse(text) as Json;
}

/** Which fields of a body get which other name. */
function renames({ rename = {}, renameText = {} }: BodyQuirks, body: JsonObject): [string, string][] {
  const found = Object.entries(rename).filter(([from]) => from in body);
  for (const pair of Object.entries(renameText)) if (typeof body[pair[0]] === "string") found.push(pair);
  return found;
}

/** Hands the values of headers that the provider takes in the body to `set`; the headers that remain come back. */
export function headersToBody(
  { body }: Wire,
  headers: Record<string, string>,
  set: (field: string, value: string[]) => void,
): Record<string, string> {
  if (body?.fromHeaders === undefined) return headers;
  const rest = { ...headers };
  for (const [name, field] of Object.entries(body.fromHeaders)) {
    const value = rest[name];
    delete rest[name];
    if (value !== undefined) set(field, listOf(value));
  }
  return rest;
}

function listOf(value: string): string[] {
  const entries = value.split(",").map((entry) => entry.trim());
  return entries.filter((entry) => entry !== "");
}

function moveField(body: JsonObject, from: string, to: string): void {
  body[to] ??= body[from];
  delete body[from];
}

function refused({ remove = [] }: BodyQuirks, body: JsonObject, warnings: Warning[]): string[] {
  const found = remove.filter((field) => field in body);
  for (const field of found) {
    addWarning(warnings, { code: "unsupported_field", field, message: "the provider does not take it" });
  }
  return found;
}
