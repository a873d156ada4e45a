import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { camelFields, readEnum, readNumber } from "./read.ts";
import { SCHEMA_FIELDS } from "./wire.ts";

/** Deeper than any real schema; below it the wire form stays as it is. */
const MAX_DEPTH = 64;

/** `Type` by its numbers. */
const TYPES = ["TYPE_UNSPECIFIED", "STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"];

/** int64 fields, which proto JSON writes as strings. */
const COUNTS = ["minItems", "maxItems", "minProperties", "maxProperties", "minLength", "maxLength"] as const;

/**
 * Decodes a `Schema` (the OpenAPI subset of `parameters` and `responseSchema`, https://ai.google.dev/api/caching#Schema)
 * into JSON Schema: lower-case types, `nullable` as a null type, counts and values of numbers as numbers, `ref` and `defs` of
 * Vertex AI (https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/Schema) under their usual names. What JSON Schema
 * has under the same name passes; `propertyOrdering` has no meaning outside Gemini and is left out.
 */
export function decodeSchema(wire: JsonObject, depth = 0): JsonObject {
  if (depth > MAX_DEPTH) return wire;
  const schema: JsonObject = { ...camelFields(wire, SCHEMA_FIELDS) };
  delete schema.propertyOrdering;
  decodeType(schema);
  decodeCounts(schema);
  decodeValues(schema);
  decodeReferences(schema);
  decodeChildren(schema, depth + 1);
  if (schema.format === "enum") delete schema.format;
  if (schema.example !== undefined) {
    schema.examples = [schema.example];
    delete schema.example;
  }
  decodeNullable(schema);
  return schema;
}

function decodeType(schema: JsonObject): void {
  if (!("type" in schema)) return;
  const type = readEnum(schema, "type", TYPES);
  if (type === "TYPE_UNSPECIFIED" || schema.type === 0) delete schema.type;
  else if (type !== undefined) schema.type = type.toLowerCase();
}

function decodeCounts(schema: JsonObject): void {
  for (const key of COUNTS) {
    const count = readNumber(schema, key);
    if (count !== undefined) schema[key] = count;
  }
}

/** `enum` is a list of strings on the wire, for numbers too (`Schema.enum` in the typings). */
function decodeValues(schema: JsonObject): void {
  if (!Array.isArray(schema.enum) || (schema.type !== "integer" && schema.type !== "number")) return;
  schema.enum = schema.enum.map((value) =>
    typeof value === "string" ? (readNumber({ value }, "value") ?? value) : value,
  );
}

function decodeReferences(schema: JsonObject): void {
  const { ref, defs } = schema;
  if (typeof ref === "string") {
    schema.$ref = ref.replace(/^#\/defs\//, "#/$defs/");
    delete schema.ref;
  }
  if (isJsonObject(defs)) {
    schema.$defs = defs;
    delete schema.defs;
  }
}

function decodeChildren(schema: JsonObject, depth: number): void {
  if (isJsonObject(schema.items)) schema.items = decodeSchema(schema.items, depth);
  for (const key of ["anyOf", "oneOf", "prefixItems"] as const) {
    const list = schema[key];
    if (Array.isArray(list)) schema[key] = list.map((entry) => decodeEntry(entry, depth));
  }
  for (const key of ["properties", "$defs"] as const) {
    const map = schema[key];
    if (isJsonObject(map)) schema[key] = decodeMap(map, depth);
  }
}

function decodeMap(map: JsonObject, depth: number): JsonObject {
  return Object.fromEntries(Object.entries(map).map(([name, entry]) => [name, decodeEntry(entry, depth)]));
}

function decodeEntry(entry: Json | undefined, depth: number): Json {
  return isJsonObject(entry) ? decodeSchema(entry, depth) : (entry ?? {});
}

function decodeNullable(schema: JsonObject): void {
  const { nullable } = schema;
  delete schema.nullable;
  if (nullable !== true) return;
  if (typeof schema.type === "string") schema.type = [schema.type, "null"];
  else if (Array.isArray(schema.anyOf)) schema.anyOf = [...schema.anyOf, { type: "null" }];
  if (Array.isArray(schema.enum) && !schema.enum.includes(null)) schema.enum = [...schema.enum, null];
}
