import type { Json, JsonObject } from "../../canonical/json.ts";

export { numberIn as numberOf, objectIn as objectOf, objectsOf, textIn as textOf } from "../../canonical/json.ts";

/** Name of this dialect: Ollama's own API, https://docs.ollama.com/api (facts from `api/types.go` of ollama/ollama). */
export const OLLAMA = "ollama";

export const CHAT_PATH = "/api/chat";
export const GENERATE_PATH = "/api/generate";

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
