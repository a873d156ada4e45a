import { GatewayError } from "../../canonical/errors.ts";

/** Throws `invalid_request` about a field of the client's request. */
export function refuse(param: string, problem: string): never {
  throw new GatewayError("invalid_request", `${param}: ${problem}`, { param });
}
