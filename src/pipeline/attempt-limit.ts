import { GatewayError } from "../canonical/errors.ts";
import type { Call } from "./call.ts";
import type { RequestContext } from "./context.ts";
import { timeLeft } from "./deadline.ts";

/** While others are left, an attempt takes at most this share of the time that is left. */
const MOST_SHARE = 0.5;

/**
 * Bounds the time of an attempt behind which others are left, where the configuration says so: until it has an answer, or
 * the first content of a stream. Null: it may take what is left.
 */
export function limitAttempt(context: RequestContext, it: Call): Timer | null {
  const { attemptTimeoutMs } = context.attemptData;
  if (attemptTimeoutMs === undefined || it.isLast) return null;
  const share = timeLeft(context) * MOST_SHARE;
  it.isHurried ||= share < attemptTimeoutMs;
  const allowed = Math.round(Math.min(share, attemptTimeoutMs));
  return setTimeout(() => it.lane.giveUp?.(late(it, allowed)), allowed);
}

function late({ target }: Call, allowed: number): GatewayError {
  const text = `provider ${target.provider}: no answer within the ${allowed} ms of this attempt`;
  return new GatewayError("upstream_timeout", text);
}

/** A call that the caller gave less time than the operator does: its target did not fail. */
export const HURRIED = new GatewayError("deadline_exceeded", "the caller's time for this attempt was over");

/** Whether a failure is a timeout of our own that the caller made shorter than the operator has it. */
export function isHaste({ isHurried }: Call, { code, fields }: GatewayError): boolean {
  return isHurried && code === "upstream_timeout" && fields.upstream === undefined;
}
