import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { mergeAllOf } from "./merge-all-of.ts";
import { isDangling, startWalk, take, type ReportSchema, type Walk } from "./schema-walk.ts";

const MAX_DEPTH = 64;

/**
 * A JSON Schema as `parametersJsonSchema` and `responseJsonSchema` take it. The API reads a part of JSON Schema and
 * ignores the rest, but (see `GenerateContentConfig.responseJsonSchema` in the typings) refuses a `$ref` with
 * neighbours and knows neither `const` nor `allOf`:
 * a `$ref` with neighbours is put in place, a `const` becomes an `enum` of one, and `allOf` is merged. The whole request is
 * refused for a reference that leads nowhere ("reference to undefined schema at properties.a"): it goes; one at the top is put
 * in place, for arguments have to be an object there. `$schema` names the draft only and is left out. What cannot be kept is
 * reported. Returns the schema itself when nothing changes.
 */
export function adaptSchema(schema: JsonObject, report: ReportSchema): JsonObject {
  return adaptObject(schema, startWalk(schema, report), 0);
}

function adaptObject(schema: JsonObject, walk: Walk, depth: number): JsonObject {
  if (depth > MAX_DEPTH) return schema;
  const open = walk.open.length;
  const adapted = adaptFields(flatten(schema, walk, depth === 0), walk, depth);
  walk.open.length = open;
  return adapted;
}

/** Resolves `$ref` with neighbours and `allOf`, as far as they go. */
function flatten(schema: JsonObject, walk: Walk, isTop: boolean): JsonObject {
  let current = schema;
  while (needsFlattening(current, walk, isTop))
    current = Array.isArray(current.allOf) ? mergeAllOf(current, walk) : inline(current, walk, isTop);
  return current;
}

function needsFlattening(schema: JsonObject, walk: Walk, isTop: boolean): boolean {
  if (Array.isArray(schema.allOf)) return true;
  const { $ref } = schema;
  if (typeof $ref !== "string") return false;
  return isTop || Object.keys(schema).some((key) => !key.startsWith("$")) || isDangling(walk.root, $ref);
}

/**
 * A reference that cannot be put in place stays as it is, alone. At the top it would say of a schema that it is itself: there it
 * goes.
 */
function inline(schema: JsonObject, walk: Walk, isTop: boolean): JsonObject {
  const { $ref, ...beside } = schema;
  const name = typeof $ref === "string" ? $ref : "";
  if (isDangling(walk.root, name)) {
    walk.report(`$ref ${name}, which leads nowhere in the schema, was left out`);
    return beside;
  }
  const target = take(name, walk);
  if (target !== undefined) return { ...target, ...beside };
  walk.report(isTop ? `$ref ${name} at the top was left out` : `the fields beside $ref ${name} were left out`);
  return isTop ? beside : Object.fromEntries(Object.entries(schema).filter(([key]) => key.startsWith("$")));
}

/** Fields whose value is a schema, a list of schemas, or schemas by name. */
const SCHEMA_KEYS = new Set(["items", "additionalProperties", "not"]);
const LIST_KEYS = new Set(["anyOf", "oneOf", "prefixItems"]);
const MAP_KEYS = new Set(["properties", "$defs", "definitions"]);

function adaptFields(schema: JsonObject, walk: Walk, depth: number): JsonObject {
  let copy: JsonObject | undefined;
  for (const key of Object.keys(schema)) {
    const value = schema[key];
    const adapted = adaptField(key, value, walk, depth + 1);
    if (adapted === value) continue;
    copy ??= { ...schema };
    if (adapted === undefined) delete copy[key];
    else copy[key] = adapted;
  }
  const { const: only } = schema;
  if ((typeof only !== "string" && typeof only !== "number") || schema.enum !== undefined) return copy ?? schema;
  const { const: _, ...kept } = copy ?? schema;
  return { type: typeof only, ...kept, enum: [only] };
}

function adaptField(key: string, value: Json | undefined, walk: Walk, depth: number): Json | undefined {
  if (key === "$schema") return undefined;
  if (SCHEMA_KEYS.has(key)) return isJsonObject(value) ? adaptObject(value, walk, depth) : value;
  if (LIST_KEYS.has(key) && Array.isArray(value)) return adaptList(value, walk, depth);
  if (MAP_KEYS.has(key) && isJsonObject(value)) return adaptMap(value, walk, depth);
  return value;
}

function adaptList(list: Json[], walk: Walk, depth: number): Json[] {
  let copy: Json[] | undefined;
  for (const [index, entry] of list.entries()) {
    const adapted = adaptEntry(entry, walk, depth);
    if (adapted !== entry) (copy ??= [...list])[index] = adapted;
  }
  return copy ?? list;
}

function adaptMap(map: JsonObject, walk: Walk, depth: number): JsonObject {
  let changed = false;
  const entries = Object.entries(map).map(([name, entry]): [string, Json | undefined] => {
    const adapted = adaptEntry(entry, walk, depth);
    changed ||= adapted !== entry;
    return [name, adapted];
  });
  return changed ? Object.fromEntries(entries) : map;
}

/** A schema may be `true` (anything), which the API does not take. */
function adaptEntry(entry: Json | undefined, walk: Walk, depth: number): Json {
  if (isJsonObject(entry)) return adaptObject(entry, walk, depth);
  return entry === true || entry === undefined ? {} : entry;
}
