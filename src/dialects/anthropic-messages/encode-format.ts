import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { adaptSchema } from "../../canonical/claude/adapt-schema.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn } from "./encode-context.ts";
import { objectOf } from "./wire.ts";

/** How the answer's form is asked for: natively, or by an instruction where the model has no such thing. */
export interface Format {
  /** `output_config.format`; undefined leaves what the caller of this dialect wrote. */
  format?: JsonObject;
  /** Text for the system prompt. */
  instruction?: string;
}

/**
 * Structured output as the vendor documents it today, `output_config.format` (platform.claude.com, "Structured outputs").
 * There is no JSON mode without a schema, and the older models have neither: they are told in words.
 */
export function encodeFormat(request: ChatRequest, own: JsonObject, context: EncodeContext): Format {
  const wanted = request.responseFormat;
  if (wanted === undefined || wanted.type === "text") return {};
  if (wanted.type === "json_object") {
    warn(context, "changed_field", "response_format", "JSON mode was sent as an instruction");
    return { instruction: "Respond with a single valid JSON object and nothing else." };
  }
  if (wroteSchema(own) === wanted.schema) return {};
  if (!context.traits.structured) {
    warn(
      context,
      "changed_field",
      "response_format",
      "the model has no structured output: the schema was sent as an instruction",
    );
    return {
      instruction: `Respond with a single JSON value and nothing else. It must match this JSON Schema:\n${JSON.stringify(wanted.schema)}`,
    };
  }
  const { schema, changed } = adaptSchema(wanted.schema);
  if (changed.length > 0) {
    warn(context, "changed_field", "response_format", `the schema was changed at: ${changed.join(", ")}`);
  }
  return { format: { type: "json_schema", schema } };
}

function wroteSchema(own: JsonObject): JsonObject[string] {
  const format = objectOf(own["output_config"])["format"] ?? own["output_format"];
  return objectOf(format)["schema"];
}
