import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";

/** The value as a string; anything else counts as absent (providers send null and wrong types anywhere). */
export function readString(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === "string" ? value : undefined;
}

/**
 * The name of an enum's value. Proto JSON allows its number as well, which is what Google's SDKs of generated clients send and
 * ask for (https://protobuf.dev/programming-guides/json, `$alt=json;enum-encoding=int`); `names` stand in the order of their
 * numbers, the first for 0, which means unspecified and counts as absent. A number without a name stays one, as text.
 */
export function readEnum(object: JsonObject, key: string, names: readonly string[]): string | undefined {
  const value = object[key];
  if (typeof value !== "number") return readString(object, key);
  return value === 0 ? undefined : (names[value] ?? String(value));
}

/** The value as a finite number; int64 fields arrive as decimal strings in proto JSON and count too. */
export function readNumber(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}

/** The value as an object; null, arrays and scalars count as absent. */
export function readObject(object: JsonObject, key: string): JsonObject | undefined {
  const value = object[key];
  return isJsonObject(value) ? value : undefined;
}

/** The value as a list; anything else counts as absent. */
export function readList(object: JsonObject, key: string): Json[] | undefined {
  const value = object[key];
  return Array.isArray(value) ? value : undefined;
}

/**
 * The object with the snake_case spellings of `known` fields replaced by camelCase. Proto JSON allows both
 * (https://protobuf.dev/programming-guides/json/#field-names); unknown fields keep their spelling.
 * Returns the object itself when nothing is spelled in snake_case.
 */
export function camelFields(object: JsonObject, known: ReadonlySet<string>): JsonObject {
  for (const key in object) if (key.includes("_")) return camelCopy(object, known);
  return object;
}

function camelCopy(object: JsonObject, known: ReadonlySet<string>): JsonObject {
  const copy: JsonObject = {};
  for (const key of Object.keys(object)) {
    if (key === "__proto__") continue;
    const camel = camelName(key);
    if (!known.has(camel)) copy[key] = object[key];
    else if (camel === key || object[camel] === undefined) copy[camel] = object[key];
  }
  return copy;
}

function camelName(key: string): string {
  return key.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The fields of `object` that are not in `taken`, or undefined when there are none. */
export function restOf(object: JsonObject, taken: ReadonlySet<string>): JsonObject | undefined {
  let rest: JsonObject | undefined;
  for (const key in object) {
    if (taken.has(key) || key === "__proto__" || object[key] === undefined) continue;
    rest ??= {};
    rest[key] = object[key];
  }
  return rest;
}
