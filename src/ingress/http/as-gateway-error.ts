import { GatewayError } from "../../canonical/errors.ts";
import type { Runtime } from "../../pipeline/runtime.ts";

/** What the client is told of anything that was thrown; a fault of the gateway itself goes to its log. */
export function asGatewayError(error: unknown, runtime: Runtime): GatewayError {
  if (error instanceof GatewayError) return error;
  runtime.report(error);
  return new GatewayError("internal_error", "the gateway failed on this request; its log says how");
}
