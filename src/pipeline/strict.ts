import { GatewayError } from "../canonical/errors.ts";
import type { Warning } from "../canonical/warning.ts";

/** Warnings that say that something of the request does not reach the provider. */
const LOSSES: ReadonlySet<Warning["code"]> = new Set(["unsupported_field", "dropped_content", "unsupported_tool"]);

/** The first loss among the warnings from `from` on, as the error of a request that wants none; null: nothing is lost. */
export function lossError(warnings: readonly Warning[], from: number): GatewayError | null {
  for (let at = from; at < warnings.length; at += 1) {
    const warning = warnings[at];
    if (warning === undefined || !LOSSES.has(warning.code)) continue;
    const text = `${warning.field}: ${warning.message}; the request is strict, so nothing may be left out`;
    return new GatewayError("invalid_request", text, { param: warning.field });
  }
  return null;
}

/** Throws for the first loss. */
export function refuseLoss(warnings: readonly Warning[], from: number): void {
  const error = lossError(warnings, from);
  if (error !== null) throw error;
}
