import type { ErrorCode, GatewayError } from "../canonical/errors.ts";
import type { RequestContext } from "./context.ts";
import type { Lane } from "./lane.ts";
import type { ReadyKey } from "./provider-key.ts";

/** A key that was told to slow down without being told for how long. */
const LIMITED_REST_MS = 5_000;

/** Faults of the request: whoever finds them has taken the credential. */
const ACCEPTED: ReadonlySet<ErrorCode> = new Set([
  "upstream_invalid_request",
  "upstream_not_found",
  "upstream_too_large",
  "upstream_unprocessable",
]);

/** Notes what the end of a call says of the key that it was made with. Null: it answered. */
export function noteKey(
  context: RequestContext,
  { keyClaim: claim }: Lane,
  { data }: ReadyKey,
  failure: GatewayError | null,
): void {
  const { health, clock } = context.runtime;
  if (failure === null || ACCEPTED.has(failure.code)) return health.accept(data.slot, claim);
  const now = clock.wall();
  if (failure.code === "upstream_auth") return health.refuse(data.slot, claim, now);
  health.release(data.slot, claim, now);
  if (failure.code !== "upstream_rate_limited") return;
  health.rest(data.slot, now + (failure.fields.retryAfterMs ?? LIMITED_REST_MS));
}

/** The call was given up: it says nothing of its key, and another may find out. */
export function releaseKey({ runtime }: RequestContext, { keyClaim }: Lane, { data }: ReadyKey): void {
  runtime.health.release(data.slot, keyClaim, runtime.clock.wall());
}
