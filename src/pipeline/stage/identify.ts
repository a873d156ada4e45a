import { GatewayError } from "../../canonical/errors.ts";
import { presentedKey } from "../../domain/identity/credential.ts";
import type { RequestContext, Stage } from "../context.ts";

const REFUSALS = {
  none: "no virtual key: send one (sk-tl-…) as `Authorization: Bearer`, `x-api-key`, `x-goog-api-key`, `api-key` or `x-trunkline-key`",
  unknown: "unknown virtual key",
  disabled: "this virtual key is disabled",
  expired: "this virtual key has expired",
} as const;

/** Finds out who calls. A key that was presented must be good even where none is required. */
export const identify: Stage = {
  name: "identify",
  admit(context: RequestContext): void {
    const { headers, queryKey, socket, wall } = context.arrival;
    const keyId = socket?.keyId ?? null;
    const found =
      keyId === null
        ? context.snapshot.identify(presentedKey(headers, queryKey), wall)
        : context.snapshot.identifyById(keyId, wall);
    if (found.status === "found") {
      context.caller = found.key;
      return;
    }
    if (found.status === "none" && !context.snapshot.data.requireVirtualKey) return;
    throw new GatewayError("unauthenticated", REFUSALS[found.status]);
  },
};
