import { GatewayError } from "../../canonical/errors.ts";
import type { Charge } from "../../canonical/record.ts";
import { addCharge } from "../../domain/ledger/renew.ts";
import { releaseFrom, reserveAll, settleAll } from "../../domain/ledger/reserve.ts";
import type { RequestContext, Stage } from "../context.ts";
import { takeGranted } from "../grant-limits.ts";
import { limitTime } from "../limit-time.ts";
import { limitError } from "./refuse.ts";

function settleHeld(context: RequestContext): Charge[] {
  const { usage, held, runtime, costNano, lostNano } = context;
  const tokens = usage === null ? 0 : usage.inputTokens + usage.outputTokens;
  const used = { nanoUsd: costNano ?? 0, requests: 1, tokens };
  if (lostNano === 0) return settleAll(held, runtime.counters, used);
  // What was lost to a rival counts at the limits for the provider that it was lost at.
  const own = { ...used, nanoUsd: Math.max(0, used.nanoUsd - lostNano) };
  const charges = settleAll(takeGranted(context), runtime.counters, own);
  return [...charges, ...settleAll(held, runtime.counters, used)];
}

/**
 * Admits by rate limits: a request counts once, its tokens by estimate until they are known. Settles all reservations of the
 * request, those for money included.
 */
export const admit: Stage = {
  name: "admit",
  admit(context: RequestContext): void {
    const { snapshot, runtime, caller } = context;
    const bound = snapshot.data.journalWhenFull === "refuse" ? snapshot.data.journalMaxBytes : Infinity;
    if (runtime.isJournalFull(bound)) {
      throw new GatewayError("overloaded", "the journal of records is full: no request is served unrecorded", {
        retryAfterMs: 5000,
      });
    }
    if (caller === null || caller.rateLimits.length === 0) return;
    const tokens = context.size.inputTokens + (context.size.outputTokens ?? 0);
    const need = { nanoUsd: 0, requests: 1, tokens };
    const refusal = reserveAll(caller.rateLimits, runtime.counters, limitTime(context), need, context.held);
    if (refusal !== undefined) throw limitError("rate_limited", refusal);
  },
  settle(context: RequestContext): void {
    charge(context, context.meter === null ? settleHeld(context) : context.meter.settleLimits());
    releaseFrom(context.hedgeHeld, 0, context.runtime.counters);
  },
};

/** Calls have charges of their own beside those of the request. */
function charge(context: RequestContext, charges: Charge[]): void {
  if (context.charges.length === 0) context.charges = charges;
  else for (const each of charges) addCharge(context.charges, each);
}
