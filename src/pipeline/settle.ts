import { GatewayError } from "../canonical/errors.ts";
import type { RequestContext } from "./context.ts";

/**
 * Runs the settle phase of all stages, once, in reverse order. Returns the error that the client must be told when the record
 * could not be written: a request that is not recorded must not look complete.
 */
export function settle(context: RequestContext): GatewayError | null {
  if (context.isSettled) return null;
  context.isSettled = true;
  context.ended();
  try {
    for (let at = context.stages.length - 1; at >= 0; at -= 1) context.stages[at]?.settle?.(context);
    return null;
  } catch (error) {
    context.runtime.report(error);
    return new GatewayError("overloaded", "the record of this request could not be written", { retryAfterMs: 5000 });
  }
}
