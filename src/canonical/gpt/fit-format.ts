import type { Json } from "../json.ts";
import type { ResponseFormat } from "../request.ts";

/** A format that OpenAI's models take, and what they have to be told beside it. */
export interface FittedFormat {
  /** Undefined: none is sent. */
  format: ResponseFormat | undefined;
  instruction?: string;
}

/**
 * The nearest to a format among those that OpenAI's models take: a schema has to be one of an object
 * (https://platform.openai.com/docs/guides/structured-outputs), and JSON without a schema is refused unless the conversation
 * speaks of it (https://platform.openai.com/docs/guides/structured-outputs/json-mode).
 */
export function fitFormat(format: ResponseFormat, conversation: Json | undefined): FittedFormat {
  if (format.type === "json_object" && !speaksOfJson(conversation)) {
    return { format, instruction: "Answer with one JSON object and nothing else." };
  }
  if (format.type !== "json_schema" || format.schema["type"] === "object") return { format };
  const schema = JSON.stringify(format.schema);
  const instruction = `Answer with JSON that is valid under this JSON Schema, and nothing else:\n${schema}`;
  return { format: undefined, instruction };
}

function speaksOfJson(conversation: Json | undefined): boolean {
  return /json/i.test(JSON.stringify(conversation ?? null));
}
