import { adaptSchema } from "../../canonical/claude/adapt-schema.ts";
import { objectOf, type JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { claudeFormat } from "./additional-fields.ts";
import { warn, type EncodeContext } from "./encode-context.ts";

/** How the answer's form is asked for: natively, or by an instruction where the model has no such thing. */
export interface Format {
  /** `outputConfig.textFormat`; undefined leaves what the caller of this dialect wrote. */
  format?: JsonObject;
  /** Text for the system prompt. */
  instruction?: string;
}

/**
 * Structured output: https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html. There is no JSON mode
 * without a schema, and some models have neither: they are told in words. `own`: the caller wrote its format for this wire.
 */
export function encodeFormat(request: ChatRequest, own: JsonObject | undefined, context: EncodeContext): Format {
  const wanted = request.responseFormat;
  if (wanted === undefined || wanted.type === "text") return {};
  if (wanted.type === "json_object") {
    warn(context, "changed_field", "response_format", "JSON mode was sent as an instruction");
    return { instruction: "Respond with a single valid JSON object and nothing else." };
  }
  if (objectOf(own?.["outputConfig"])["textFormat"] !== undefined) return {};
  if (claudeFormat(own?.["additionalModelRequestFields"]) !== undefined) return {};
  if (!context.family.structured) {
    const text = "the model has no structured output: the schema was sent as an instruction";
    warn(context, "changed_field", "response_format", text);
    return {
      instruction: `Respond with a single JSON value and nothing else. It must match this JSON Schema:\n${JSON.stringify(wanted.schema)}`,
    };
  }
  const { schema, changed } = adaptSchema(wanted.schema);
  if (changed.length > 0)
    warn(context, "changed_field", "response_format", `the schema was changed at: ${changed.join(", ")}`);
  const { name, description } = wanted;
  const jsonSchema = {
    schema: JSON.stringify(schema),
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
  };
  return { format: { type: "json_schema", structure: { jsonSchema } } };
}
