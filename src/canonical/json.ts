import { nestsTooDeep } from "../lib/json-depth.ts";

/** Values as `JSON.parse` gives them. */
export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json | undefined;
}

/** The object, or an empty one for anything else. */
export function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** True for a plain JSON object (not null, not an array). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text; empty for anything else. */
export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** The objects in a list; none of what is no list. */
export function objectsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The object, when it is one; undefined otherwise. */
export function objectIn(value: unknown): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

/** The value that a JSON text spells; undefined when it spells none, and when it nests too deep to be written again. */
export function valueFrom(text: string): Json | undefined {
  try {
    return nestsTooDeep(text) ? undefined : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

/** The object that a JSON text spells; undefined as `valueFrom`. */
export function objectFrom(text: string): JsonObject | undefined {
  return objectIn(valueFrom(text));
}

/** The text, when it is one and says something. */
export function textIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The finite number, when it is one. */
export function numberIn(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
