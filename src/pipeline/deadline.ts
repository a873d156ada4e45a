import { GatewayError } from "../canonical/errors.ts";
import type { RequestContext } from "./context.ts";

/** With less time than this left no attempt is begun, milliseconds: none could bring an answer. */
const LEAST_MS = 20;

/** What is left until the request's deadline for further attempts, milliseconds; 0 or less: too little for any. */
export function timeLeft({ deadline, runtime }: RequestContext): number {
  return deadline - LEAST_MS - runtime.clock.monotonic();
}

/** Throws `deadline_exceeded` when too little time is left for an attempt. */
export function checkTime(context: RequestContext): void {
  if (timeLeft(context) <= 0) throw noTime();
}

export function noTime(): GatewayError {
  return new GatewayError(
    "deadline_exceeded",
    "too little is left of the time that the request has for another attempt",
  );
}
