import type { Extensions } from "./content.ts";
import { foreignFields } from "./foreign-fields.ts";
import type { DialectName } from "./names.ts";
import { addWarning, type Warning } from "./warning.ts";

/** Warns of each field that has a value: the target's API has no such thing. */
export function warnUnsupported(warnings: Warning[], fields: Record<string, unknown>): void {
  for (const [field, value] of Object.entries(fields)) {
    if (value !== undefined) warnOfField(warnings, field);
  }
}

/** Warns of fields that only other dialects than `own` know, and whose sense the canonical form does not hold. */
export function warnForeign(warnings: Warning[], extensions: Extensions, own: DialectName): void {
  for (const field of foreignFields({ extensions }, own)) warnOfField(warnings, field);
}

function warnOfField(warnings: Warning[], field: string): void {
  addWarning(warnings, { code: "unsupported_field", field, message: "the target's API has no such field" });
}
