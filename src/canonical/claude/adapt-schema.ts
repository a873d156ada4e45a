import type { Json, JsonObject } from "../json.ts";
import { isJsonObject } from "../json.ts";

/** String formats that the vendor's grammar knows (vendor SDK: `transform-json-schema`). */
const FORMATS: ReadonlySet<Json | undefined> = new Set([
  "date-time",
  "time",
  "date",
  "duration",
  "email",
  "hostname",
  "uri",
  "ipv4",
  "ipv6",
  "uuid",
]);

/**
 * Keywords that structured outputs take (platform.claude.com, "Structured outputs", JSON Schema limitations). Bounds and
 * the like are refused, and what else there is says nothing to the grammar.
 */
const ACCEPTED: ReadonlySet<string> = new Set([
  "$schema",
  "$id",
  "$ref",
  "$defs",
  "definitions",
  "type",
  "title",
  "description",
  "default",
  "enum",
  "const",
  "anyOf",
  "oneOf",
  "allOf",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "pattern",
]);

/** Keywords whose value is a schema, a list of schemas, or an object of schemas. */
const SINGLE: ReadonlySet<string> = new Set(["items"]);
const LISTS: ReadonlySet<string> = new Set(["anyOf", "allOf", "oneOf"]);
const TABLES: ReadonlySet<string> = new Set(["properties", "$defs", "definitions"]);

/** Deeper schemas than this stay as they are: bad input must not exhaust the stack. */
const MAX_DEPTH = 100;

/** What happened so far: the keywords that lost their meaning, and whether anything at all was changed. */
interface Changes {
  names: Set<string>;
  isAltered: boolean;
}

/**
 * A schema that structured outputs and strict tools accept: every object closed, `oneOf` as `anyOf`, keywords that the
 * API refuses moved into the description, where the model still reads them. A schema that is accepted comes back as it is.
 * `changed` names the keywords whose meaning was lost; closing an object that did not say is no loss.
 */
export function adaptSchema(schema: JsonObject): { schema: JsonObject; changed: string[] } {
  const changes: Changes = { names: new Set(), isAltered: false };
  const adapted = adapt(schema, changes, 0);
  return { schema: changes.isAltered ? adapted : schema, changed: [...changes.names].toSorted() };
}

function adapt(schema: JsonObject, changes: Changes, depth: number): JsonObject {
  if (depth > MAX_DEPTH) return schema;
  const kept: [string, Json | undefined][] = [];
  const moved: string[] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (isRefused(key, value)) {
      note(key, changes);
      moved.push(`${key}: ${JSON.stringify(value)}`);
    } else if (key !== "oneOf") kept.push([key, adaptValue(key, value, changes, depth)]);
    else {
      note(key, changes);
      kept.push(["anyOf", adaptValue(key, value, changes, depth)]);
    }
  }
  const adapted = Object.fromEntries(kept);
  if (describesObject(schema)) close(adapted, changes);
  if (moved.length > 0) describe(adapted, moved);
  return adapted;
}

function note(keyword: string, changes: Changes): void {
  changes.names.add(keyword);
  changes.isAltered = true;
}

function isRefused(key: string, value: Json | undefined): boolean {
  if (key === "format") return !FORMATS.has(value);
  if (key === "minItems") return value !== 0 && value !== 1;
  if (key === "enum")
    return !Array.isArray(value) || value.some((entry) => typeof entry === "object" && entry !== null);
  if (key === "items") return Array.isArray(value);
  return !ACCEPTED.has(key);
}

function adaptValue(key: string, value: Json | undefined, changes: Changes, depth: number): Json | undefined {
  const nested = (entry: Json | undefined): Json | undefined =>
    isJsonObject(entry) ? adapt(entry, changes, depth + 1) : entry;
  if (SINGLE.has(key)) return nested(value);
  if (LISTS.has(key) && Array.isArray(value)) return value.map((entry) => nested(entry) ?? null);
  if (!TABLES.has(key) || !isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, nested(entry)]));
}

function describesObject(schema: JsonObject): boolean {
  const { type } = schema;
  return type === "object" || (Array.isArray(type) && type.includes("object")) || isJsonObject(schema["properties"]);
}

function close(schema: JsonObject, changes: Changes): void {
  if (schema["additionalProperties"] === false) return;
  if (schema["additionalProperties"] !== undefined) note("additionalProperties", changes);
  schema["additionalProperties"] = false;
  changes.isAltered = true;
}

function describe(schema: JsonObject, moved: string[]): void {
  const before = typeof schema["description"] === "string" ? `${schema["description"]}\n\n` : "";
  schema["description"] = `${before}{${moved.join(", ")}}`;
}
