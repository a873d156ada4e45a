/**
 * What could not be carried over. Warnings reach the client in the header
 * `x-trunkline-warnings` and stand on the record.
 */
export interface Warning {
  /** `unsupported_field`: the target dialect has no such thing; `changed_field`: a near equivalent was sent;
   *  `dropped_content`: a part of the conversation could not go along; `dropped_opaque`: state that only another
   *  maker can read was left out; `unsupported_tool`: a tool of a kind the target does not have. */
  code:
    | "unsupported_field"
    | "changed_field"
    | "dropped_content"
    | "dropped_opaque"
    | "unsupported_tool"
    | "price_unknown"
    | "estimated";
  /** Where, in the caller's own terms, such as `logit_bias` or `messages[2].content[0]`. */
  field: string;
  message: string;
}

/** A request can give cause for a million warnings: its record and header hold this many. */
export const MOST_WARNINGS = 64;

/** Adds a warning unless the same one stands there. */
export function warnOnce(warnings: Warning[], code: Warning["code"], field: string, message: string): void {
  const known = warnings.some((it) => it.code === code && it.field === field && it.message === message);
  if (!known) addWarning(warnings, { code, field, message });
}

/** Adds a warning while there is room; the last place tells that there were more. */
export function addWarning(warnings: Warning[], warning: Warning): void {
  if (warnings.length >= MOST_WARNINGS) return;
  const isLast = warnings.length === MOST_WARNINGS - 1;
  warnings.push(
    isLast ? { code: warning.code, field: "further fields", message: "further warnings were left out" } : warning,
  );
}
