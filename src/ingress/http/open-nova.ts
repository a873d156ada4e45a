import type { JsonObject } from "../../canonical/json.ts";
import { isJsonObject, objectOf } from "../../canonical/json.ts";
import type { Letter } from "./endpoints/endpoint.ts";

/** Fields of `inferenceConfig` that Converse takes beside its own fields. */
const OWN_OF_NOVA = ["topK", "reasoningConfig"];

/**
 * A body of Amazon Nova's models as one of Converse, which it is but for its version and what Converse takes as the model's own
 * fields: https://docs.aws.amazon.com/nova/latest/nova2-userguide/request-response-schema.html
 */
export function unwrappedNova({ body }: Letter): Letter["body"] {
  const json: JsonObject = { ...body.json };
  delete json["schemaVersion"];
  const edits = new Map<string, string | null>([["schemaVersion", null]]);
  const { inferenceConfig } = json;
  if (isJsonObject(inferenceConfig)) {
    const { own, rest } = parted(inferenceConfig);
    const given = objectOf(json["additionalModelRequestFields"]);
    json["inferenceConfig"] = rest;
    if (Object.keys(own).length > 0)
      json["additionalModelRequestFields"] = {
        ...given,
        inferenceConfig: { ...objectOf(given["inferenceConfig"]), ...own },
      };
    for (const field of ["inferenceConfig", "additionalModelRequestFields"])
      if (json[field] !== undefined) edits.set(field, JSON.stringify(json[field]));
  }
  return { ...body, json, edits };
}

/** The first models called the limit `max_new_tokens`: https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html */
function parted({ max_new_tokens: limit, ...config }: JsonObject): { own: JsonObject; rest: JsonObject } {
  const own = Object.fromEntries(Object.entries(config).filter(([name]) => OWN_OF_NOVA.includes(name)));
  const rest = Object.fromEntries(Object.entries(config).filter(([name]) => !OWN_OF_NOVA.includes(name)));
  if (limit !== undefined) rest["maxTokens"] ??= limit;
  return { own, rest };
}
