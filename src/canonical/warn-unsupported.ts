import type { Extensions } from "./content.ts";
import type { DialectName } from "./names.ts";
import { addWarning, type Warning } from "./warning.ts";

/** Warns of each field that has a value: the target's API has no such thing. */
export function warnUnsupported(warnings: Warning[], fields: Record<string, unknown>): void {
  for (const [field, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    addWarning(warnings, { code: "unsupported_field", field, message: "the target's API has no such field" });
  }
}

/** Warns of fields that only other dialects than `own` know. */
export function warnForeign(warnings: Warning[], extensions: Extensions, own: DialectName): void {
  for (const [dialect, fields] of Object.entries(extensions)) {
    if (dialect !== own) warnUnsupported(warnings, fields);
  }
}
