import type { JsonObject } from "../../canonical/json.ts";
import { addWarning, type Warning } from "../../canonical/warning.ts";

/** What the parts of a request's encoder share. */
export interface EncodeContext {
  /** The caller spoke this dialect too: what it wrote stays as it is. */
  native: boolean;
  /** The model can show its thoughts. */
  thinks: boolean;
  warnings: Warning[];
  /** Entries of `documents`, gathered from the messages. */
  documents: (string | JsonObject)[];
  /** Images of tools, which the API takes from users only: they stand in the message after the results. */
  images: JsonObject[];
}

/** Adds a warning, once. */
export function warn(context: EncodeContext, code: Warning["code"], field: string, message: string): void {
  const known = context.warnings.some(
    (warning) => warning.code === code && warning.field === field && warning.message === message,
  );
  if (!known) addWarning(context.warnings, { code, field, message });
}
