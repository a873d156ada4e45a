import type { JsonObject } from "../../canonical/json.ts";

export { objectOf, objectsOf, textOf } from "../../canonical/json.ts";

export const DIALECT = "bedrock-text";

/** The last chunk of every stream has this beside the model's own fields. */
export const METRICS = "amazon-bedrock-invocationMetrics";

/** The fields that are not taken. */
export function restOf(body: JsonObject, taken: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !taken.has(key)));
}
