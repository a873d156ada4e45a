import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";

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

/** Keywords that structured outputs refuse (platform.claude.com, "Structured outputs", JSON Schema limitations). */
const REFUSED: ReadonlySet<string> = new Set([
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "maxItems",
  "uniqueItems",
  "contains",
  "minContains",
  "maxContains",
  "prefixItems",
  "minProperties",
  "maxProperties",
  "patternProperties",
  "propertyNames",
  "unevaluatedProperties",
  "unevaluatedItems",
  "dependentRequired",
  "dependentSchemas",
  "if",
  "then",
  "else",
  "not",
]);

/** Keywords whose value is a schema, a list of schemas, or an object of schemas. */
const SINGLE: ReadonlySet<string> = new Set(["items"]);
const LISTS: ReadonlySet<string> = new Set(["anyOf", "allOf", "oneOf"]);
const TABLES: ReadonlySet<string> = new Set(["properties", "$defs", "definitions"]);

/** Deeper schemas than this stay as they are: bad input must not exhaust the stack. */
const MAX_DEPTH = 100;

/** Names of the keywords that had to go, gathered over the whole schema. */
type Removed = Set<string>;

/**
 * A schema that structured outputs and strict tools accept: every object closed, `oneOf` as `anyOf`, keywords that the
 * API refuses moved into the description, where the model still reads them. A schema that is accepted comes back as it is.
 */
export function adaptSchema(schema: JsonObject): { schema: JsonObject; changed: string[] } {
  const removed: Removed = new Set();
  const adapted = adapt(schema, removed, 0);
  return { schema: removed.size === 0 ? schema : adapted, changed: [...removed].toSorted() };
}

function adapt(schema: JsonObject, removed: Removed, depth: number): JsonObject {
  if (depth > MAX_DEPTH) return schema;
  const kept: [string, Json | undefined][] = [];
  const moved: string[] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (isRefused(key, value)) {
      removed.add(key);
      moved.push(`${key}: ${JSON.stringify(value)}`);
    } else if (key !== "oneOf") kept.push([key, adaptValue(key, value, removed, depth)]);
    else {
      removed.add(key);
      kept.push(["anyOf", adaptValue(key, value, removed, depth)]);
    }
  }
  const adapted = Object.fromEntries(kept);
  if (describesObject(schema)) close(adapted, removed);
  if (moved.length > 0) describe(adapted, moved);
  return adapted;
}

function isRefused(key: string, value: Json | undefined): boolean {
  if (key === "format") return !FORMATS.has(value);
  if (key === "minItems") return value !== 0 && value !== 1;
  return REFUSED.has(key);
}

function adaptValue(key: string, value: Json | undefined, removed: Removed, depth: number): Json | undefined {
  const nested = (entry: Json | undefined): Json | undefined =>
    isJsonObject(entry) ? adapt(entry, removed, depth + 1) : entry;
  if (SINGLE.has(key)) return nested(value);
  if (LISTS.has(key) && Array.isArray(value)) return value.map((entry) => nested(entry) ?? null);
  if (!TABLES.has(key) || !isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, nested(entry)]));
}

function describesObject(schema: JsonObject): boolean {
  const { type } = schema;
  return type === "object" || (Array.isArray(type) && type.includes("object")) || isJsonObject(schema["properties"]);
}

function close(schema: JsonObject, removed: Removed): void {
  if (schema["additionalProperties"] === false) return;
  schema["additionalProperties"] = false;
  removed.add("additionalProperties");
}

function describe(schema: JsonObject, moved: string[]): void {
  const before = typeof schema["description"] === "string" ? `${schema["description"]}\n\n` : "";
  schema["description"] = `${before}{${moved.join(", ")}}`;
}
