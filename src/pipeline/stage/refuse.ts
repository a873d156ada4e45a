import { GatewayError, type ErrorCode } from "../../canonical/errors.ts";
import type { Refusal } from "../../domain/ledger/reserve.ts";

/** The error of a limit that refused: it names whose limit, how much, how much is used and when it resets. */
export function limitError(code: ErrorCode, refusal: Refusal): GatewayError {
  const { scope, metric, limit, used, reset_at } = refusal.details;
  const unit = metric === "usd" ? "USD" : metric;
  const reset = reset_at === null ? "it does not reset by itself" : `room again at ${reset_at}`;
  const retry = refusal.retryAfterMs === null ? {} : { retryAfterMs: refusal.retryAfterMs };
  const text = `${scope}: limit of ${limit} ${unit} reached (${used} used or reserved); ${reset}`;
  return new GatewayError(code, text, { limit: refusal.details, ...retry });
}
