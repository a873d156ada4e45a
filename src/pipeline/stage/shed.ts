import { GatewayError } from "../../canonical/errors.ts";
import type { RequestContext, Stage } from "../context.ts";
import { priorityOf } from "../priority-of.ts";

/** Requests of low priority may take this share of all; the rest is kept for the others. */
const LOW_SHARE = 0.8;
const RETRY_MS = 1000;

/** Refuses what is more than the process is to have under way at a time, before the body is read. */
export const shed: Stage = {
  name: "shed",
  admit(context: RequestContext): void {
    const { maxInFlight } = context.snapshot.data;
    if (maxInFlight === null) return;
    const { crowd, seat } = context.runtime;
    const most = priorityOf(context) === "low" ? Math.floor(maxInFlight * LOW_SHARE) : maxInFlight;
    if (!crowd.enter(seat, most)) {
      const text = "the gateway has as many requests under way as it takes (server.max_in_flight)";
      throw new GatewayError("overloaded", text, { retryAfterMs: RETRY_MS });
    }
    const { ended } = context;
    context.ended = () => {
      crowd.leave(seat);
      ended();
    };
  },
};
