import { encodeToolSchema } from "../encode-tool-schema.ts";
import type { JsonObject } from "../json.ts";
import { warnOnce, type Warning } from "../warning.ts";
import type { GptTraits } from "./model-traits.ts";

/** For whom a tool is encoded: `gpt` undefined is not one of OpenAI's models. */
interface Recipient {
  gpt?: GptTraits | undefined;
  warnings: Warning[];
}

/** OpenAI refuses a union at the top of a tool's schema: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas */
export function fitParameters(parameters: JsonObject, { gpt, warnings }: Recipient): JsonObject {
  if (gpt === undefined) return parameters;
  const { schema, changed } = encodeToolSchema(parameters);
  const message = "a union at the top of a tool's schema was merged into one object";
  if (changed) warnOnce(warnings, "changed_field", "tools", message);
  return schema;
}
