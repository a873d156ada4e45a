import type { JsonObject } from "../../canonical/json.ts";

export { objectOf, objectsOf, textOf } from "../../canonical/json.ts";

export const DIALECT = "bedrock-text";

/** The last chunk of every stream has this beside the model's own fields. */
export const METRICS = "amazon-bedrock-invocationMetrics";

/**
 * Whether a guardrail stood in, whose words the body then brings without a reason of the model's:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-use-invoke-api.html
 */
export function isGuarded(body: JsonObject): boolean {
  return body["amazon-bedrock-guardrailAction"] === "INTERVENED";
}

/** The fields that are not taken. */
export function restOf(body: JsonObject, taken: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !taken.has(key)));
}
