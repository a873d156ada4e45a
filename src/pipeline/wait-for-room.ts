import { GatewayError } from "../canonical/errors.ts";
import { PRIORITIES } from "../canonical/priority.ts";
import type { WaitEnd } from "../domain/load/gates.ts";
import type { Target } from "../domain/route/data.ts";
import type { RequestContext } from "./context.ts";
import type { Lane } from "./lane.ts";
import { priorityOf } from "./priority-of.ts";
import type { GateData } from "./provider-bounds.ts";

/** What a client is told to wait when the queue was full or it lost its place. */
const RETRY_MS = 1000;

/**
 * Waits in a provider's queue for room with a key at one of these places. Returns the place of the key that has it; an error
 * when the wait was in vain. Rejects when the request is given up meanwhile.
 */
export async function waitForRoom(
  context: RequestContext,
  lane: Lane,
  { provider, model }: Target,
  { slot, patienceMs }: GateData,
  places: readonly number[],
): Promise<number | GatewayError> {
  if (context.cancelled !== null) throw context.cancelled;
  const { gates, clock } = context.runtime;
  const priority = priorityOf(context);
  const begun = clock.monotonic();
  const waiting = gates.wait({ slot, keys: places, line: PRIORITIES.indexOf(priority), patienceMs });
  lane.giveUp = () => waiting.leave();
  const end = await waiting.ended;
  lane.giveUp = null;
  const waited = Math.round(clock.monotonic() - begun);
  context.trace.push({
    step: "queue",
    result: `${provider}/${model}: ${HOW[end.type]} after ${waited} ms, priority ${priority}`,
  });
  const { cancelled } = context;
  if (end.type === "granted" && cancelled !== null) gates.release(slot, end.key);
  if (cancelled !== null) throw cancelled;
  return end.type === "granted" ? end.key : roomError(provider, end.type);
}

const HOW: Readonly<Record<WaitEnd["type"], string>> = {
  granted: "room",
  full: "the queue is full",
  late: "no room",
  displaced: "a higher priority took its place",
  left: "given up",
};

const WHY: Readonly<Record<Exclude<WaitEnd["type"], "granted">, string>> = {
  full: "has no room for another call, and the queue for it is full",
  late: "had no room for another call for as long as the request may wait",
  displaced: "has no room for another call, and requests with a higher priority took the queue",
  left: "has no room for another call",
};

function roomError(provider: string, why: keyof typeof WHY): GatewayError {
  return new GatewayError("overloaded", `provider ${provider} ${WHY[why]}`, { retryAfterMs: RETRY_MS });
}
