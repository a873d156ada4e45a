import type { JsonObject } from "../../canonical/json.ts";

export { numberIn as numberOf, objectIn as objectOf, textIn as textOf } from "../../canonical/json.ts";

/** Name of this dialect: `POST /completions`, https://platform.openai.com/docs/api-reference/completions */
export const COMPLETIONS = "openai-completions";

/** Set in a body that came to Mistral's path of fill-in-the-middle, whose answers are those of a chat. */
export const FIM_KEY = "trunkline:fim";

/** Path below the base URL. */
export const COMPLETIONS_PATH = "/completions";

/** The fields that are not in `named`. Leaves `__proto__` out, which no API has and which would be a trap. */
export function fieldsBeside(value: JsonObject, named: ReadonlySet<string>): JsonObject {
  const found: JsonObject = {};
  for (const key in value) if (!named.has(key) && key !== "__proto__") found[key] = value[key];
  return found;
}
