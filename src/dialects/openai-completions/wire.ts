import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";

/** Name of this dialect: `POST /completions`, https://platform.openai.com/docs/api-reference/completions */
export const COMPLETIONS = "openai-completions";

/** Path below the base URL. */
/** Set in a body that came to Mistral's path of fill-in-the-middle, whose answers are those of a chat. */
export const FIM_KEY = "trunkline:fim";

export const COMPLETIONS_PATH = "/completions";

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

/** The fields that are not in `named`. Leaves `__proto__` out, which no API has and which would be a trap. */
export function fieldsBeside(value: JsonObject, named: ReadonlySet<string>): JsonObject {
  const found: JsonObject = {};
  for (const key in value) if (!named.has(key) && key !== "__proto__") found[key] = value[key];
  return found;
}
