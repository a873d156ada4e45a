import type { Drawn } from "../../canonical/decision.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Target } from "../../domain/route/data.ts";
import type { RequestContext } from "../context.ts";
import { routeNow } from "../stage/route.ts";
import { waitingFor } from "../target-turn.ts";

/** The thread does other things after so long. */
const SLICE_MS = 5;
const LONGEST_MS = 2000;

/** More at a time would leave the thread little for its other work. */
const MOST_AT_ONCE = 4;
let underWay = 0;

/** Routes the request again and again, in slices, and counts who would be called first. Rejects with `overloaded` while four others do. */
export async function drawFirst(context: RequestContext, draws: number): Promise<Drawn> {
  if (underWay >= MOST_AT_ONCE)
    throw new GatewayError("overloaded", `${MOST_AT_ONCE} simulations are drawing already`, { retryAfterMs: 2000 });
  underWay += 1;
  try {
    return await drawAll(context, draws);
  } finally {
    underWay -= 1;
  }
}

async function drawAll(context: RequestContext, draws: number): Promise<Drawn> {
  const { clock } = context.runtime;
  const counts = new Map<string, { target: Target; count: number }>();
  const started = clock.monotonic();
  let done = 0;
  while (done < draws && clock.monotonic() - started < LONGEST_MS) {
    for (const end = clock.monotonic() + SLICE_MS; done < draws && clock.monotonic() < end; done += 1) {
      if (isRouted(context)) count(counts, firstOf(context));
    }
    if (done < draws) await pause();
  }
  const sorted = [...counts.values()].toSorted((one, other) => other.count - one.count);
  const served = sorted.reduce((sum, each) => sum + each.count, 0);
  return {
    draws: done,
    refused: done - served,
    first: sorted.map(({ target, count: times }) => shareOf(target, times, done)),
  };
}

function isRouted(context: RequestContext): boolean {
  try {
    context.trace = [];
    routeNow(context);
    return true;
  } catch (error) {
    if (error instanceof GatewayError) return false;
    throw error;
  }
}

function count(counts: Map<string, { target: Target; count: number }>, target: Target): void {
  const id = `${target.provider}/${target.model}#${target.key ?? ""}`;
  const known = counts.get(id);
  if (known === undefined) counts.set(id, { target, count: 1 });
  else known.count += 1;
}

/** The first that need not go behind the others; where all must, the first of all. */
function firstOf(context: RequestContext): Target {
  const now = context.runtime.clock.wall();
  const [first] = context.targets;
  const found = context.targets.find((target) => waitingFor(context, target, now) === null) ?? first;
  if (found === undefined) throw new Error("a request that was routed has no target");
  return found;
}

function shareOf({ provider, model, key }: Target, times: number, of: number): Drawn["first"][number] {
  return { provider, model, key: key ?? null, count: times, share: Math.round((times / of) * 10_000) / 10_000 };
}

/** Resolves once the thread has looked at what else there is to do. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 1);
  });
}
