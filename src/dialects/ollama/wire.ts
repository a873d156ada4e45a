import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";

/** Name of this dialect: Ollama's own API, https://docs.ollama.com/api (facts from `api/types.go` of ollama/ollama). */
export const OLLAMA = "ollama";

export const CHAT_PATH = "/api/chat";
export const GENERATE_PATH = "/api/generate";

/** The string, when it is one and says something. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The finite number, when it is one. */
export function numberOf(value: Json | undefined): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** The object, when it is one. */
export function objectOf(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

/** The entries that are objects; none of what is no list. */
export function objectsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The fields that are not in `named`. Leaves `__proto__` out, which no API has and which would be a trap. */
export function fieldsBeside(value: JsonObject, named: ReadonlySet<string>): JsonObject {
  const found: JsonObject = {};
  for (const key in value) if (!named.has(key) && key !== "__proto__") found[key] = value[key];
  return found;
}

/** True for an object without fields. */
export function isEmpty(value: object): boolean {
  for (const _ in value) return false;
  return true;
}

/** Unix seconds of a time; 0 when there is none. */
export function secondsOf(time: Json | undefined): number {
  const parsed = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return Number.isNaN(parsed) ? 0 : Math.floor(parsed / 1000);
}

/** The time of Unix seconds as this wire writes it. */
export function timeOf(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? new Date(0).toISOString() : time.toISOString();
}
