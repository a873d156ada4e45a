import type { Extensions } from "./content.ts";
import type { DialectName } from "./names.ts";
import { warnForeign, warnUnsupported } from "./warn-unsupported.ts";
import type { Warning } from "./warning.ts";

/** Warns of each field of a task that stays behind: the named ones that are set, and those that only other dialects than `own` know. */
export function warnLeftOut(
  warnings: Warning[],
  { extensions }: { extensions: Extensions },
  own: DialectName,
  fields: readonly (readonly [field: string, isSet: boolean])[],
): void {
  const set = fields.filter(([, isSet]) => isSet);
  warnUnsupported(warnings, Object.fromEntries(set));
  warnForeign(warnings, extensions, own);
}
