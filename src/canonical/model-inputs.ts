import type { Extensions } from "./content.ts";
import type { JsonObject } from "./json.ts";
import type { DialectName } from "./names.ts";
import { warnForeign, warnUnsupported } from "./warn-unsupported.ts";
import type { Warning } from "./warning.ts";

/** Fields of OpenAI's own media API that no input of a model elsewhere is named like. */
const OPENAI_ONLY: ReadonlySet<string> = new Set(["include", "input_fidelity", "moderation", "style"]);

/**
 * What a client of OpenAI's API sent beside that API's fields, for hosts whose models each have inputs of their own: those
 * are meant, and the AI SDK's `seed`. Warns of the fields of all others.
 */
export function modelInputs(extensions: Extensions, own: DialectName, warnings: Warning[]): JsonObject {
  const { openai = {}, "ai-gateway": sdk = {}, ...rest } = extensions;
  const { seed, ...others } = sdk;
  warnForeign(warnings, { ...rest, "ai-gateway": others }, own);
  const inputs: JsonObject = { ...(seed !== undefined && { seed }), ...extensions[own] };
  for (const [field, value] of Object.entries(openai)) {
    if (OPENAI_ONLY.has(field)) warnUnsupported(warnings, { [field]: value });
    else inputs[field] = value;
  }
  return inputs;
}
