import type { Extensions } from "./content.ts";
import { foreignFields } from "./foreign-fields.ts";
import type { DialectName } from "./names.ts";
import { addWarning, type Warning } from "./warning.ts";

/** Warns of each field of a task that stays behind: the named ones that are set, and those that only other dialects than `own` know. */
export function warnLeftOut(
  warnings: Warning[],
  request: { extensions: Extensions },
  own: DialectName,
  fields: readonly (readonly [field: string, isSet: boolean])[],
): void {
  const named = fields.filter(([, isSet]) => isSet).map(([field]) => field);
  for (const field of [...named, ...foreignFields(request, own)]) {
    addWarning(warnings, { code: "unsupported_field", field, message: "the target's API has no such field" });
  }
}
