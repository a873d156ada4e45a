import type { Extensions } from "./content.ts";
import type { JsonObject } from "./json.ts";
import type { DialectName } from "./names.ts";
import { warnForeign, warnUnsupported } from "./warn-unsupported.ts";
import type { Warning } from "./warning.ts";

/** Fields of OpenAI's own media API that no input of a model elsewhere is named like. */
const OPENAI_ONLY: ReadonlySet<string> = new Set(["include", "input_fidelity", "moderation", "style"]);

/**
 * What a client of OpenAI's API sent beside that API's fields, for hosts whose models each have inputs of their own: those
 * are meant. Warns of the fields of all others.
 */
export function modelInputs(extensions: Extensions, own: DialectName, warnings: Warning[]): JsonObject {
  const { openai = {}, ...rest } = extensions;
  warnForeign(warnings, rest, own);
  const inputs: JsonObject = { ...extensions[own] };
  for (const [field, value] of Object.entries(openai)) {
    if (OPENAI_ONLY.has(field)) warnUnsupported(warnings, { [field]: value });
    else inputs[field] = value;
  }
  return inputs;
}
