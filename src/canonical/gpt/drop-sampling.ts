import type { JsonObject } from "../json.ts";
import { warnOnce, type Warning } from "../warning.ts";

/** Fields whose default says nothing: nothing is lost without them. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  temperature: 1,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  logprobs: false,
};

/** Takes fields out of a body that OpenAI's models refuse while they reason, with a warning for each that said something. */
export function dropSampling(body: JsonObject, fields: readonly string[], warnings: Warning[]): void {
  for (const field of fields) {
    const value = body[field];
    if (value === undefined) continue;
    delete body[field];
    if (DEFAULTS[field] === value) continue;
    warnOnce(
      warnings,
      "unsupported_field",
      field,
      `${field} was left out: the model does not take it while it reasons`,
    );
  }
}
