import { timingSafeEqual } from "node:crypto";
import { GatewayError } from "../../canonical/errors.ts";
import { presentedKey } from "../../domain/identity/credential.ts";
import type { RequestContext, Stage } from "../context.ts";

/** Why a request without a good virtual key is refused. */
export const REFUSALS = {
  none: "no virtual key: send one (sk-tl-…) as `Authorization: Bearer`, `x-api-key`, `x-goog-api-key`, `api-key` or `x-trunkline-key`",
  unknown: "unknown virtual key",
  disabled: "this virtual key is disabled",
  expired: "this virtual key has expired",
} as const;

/** A request that this process makes itself, on behalf of a virtual key. */
function identifyOwn(context: RequestContext, secret: string): void {
  const { headers, wall } = context.arrival;
  if (!isSame(secret, context.runtime.secret)) throw new GatewayError("unauthenticated", REFUSALS.unknown);
  const id = decodeURIComponent(headers.get("x-trunkline-caller") ?? "");
  if (id === "" && !context.snapshot.data.requireVirtualKey) return;
  const found = context.snapshot.identifyById(id, wall);
  if (found.status !== "found") throw new GatewayError("unauthenticated", REFUSALS[found.status]);
  context.caller = found.key;
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.byteLength === second.byteLength && timingSafeEqual(first, second);
}

/** Finds out who calls. A key that was presented must be good even where none is required. */
export const identify: Stage = {
  name: "identify",
  admit(context: RequestContext): void {
    const { headers, queryKey, socket, wall } = context.arrival;
    const own = headers.get("x-trunkline-internal");
    if (own !== null) return identifyOwn(context, own);
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
