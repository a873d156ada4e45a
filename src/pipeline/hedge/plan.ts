import type { Operation } from "../../canonical/names.ts";
import type { Tool } from "../../canonical/request.ts";
import type { Target } from "../../domain/route/data.ts";
import type { RequestContext } from "../context.ts";

/** When rivals begin, and how many. */
export interface HedgePlan {
  afterMs: number;
  max: number;
}

/** What may be asked twice: it makes nothing that stays, and costs by tokens alone. */
const HEDGED: ReadonlySet<Operation> = new Set([
  "chat",
  "responses",
  "count_tokens",
  "embeddings",
  "moderation",
  "rerank",
]);

/** When the attempt at `first` gets a rival; null: never. */
export function hedgePlan(context: RequestContext, first: Target): HedgePlan | null {
  const { hedging } = context.attemptData;
  if (hedging == null || !mayHedge(context)) return null;
  const afterMs = hedging.afterMs ?? usualTime(context, first, hedging.percentile ?? 1);
  return afterMs === null ? null : { afterMs, max: hedging.max };
}

/** Null: too little is known of the target. */
function usualTime({ snapshot, runtime, request }: RequestContext, target: Target, share: number): number | null {
  return runtime.latencies.percentile(snapshot.slotOf(target).slot, request?.stream === true, share);
}

/** Nobody waits for what the gateway runs itself; tools that the provider runs would run twice. */
function mayHedge({ arrival, chatRequest }: RequestContext): boolean {
  if (!HEDGED.has(arrival.operation) || arrival.isAsync === true) return false;
  // A response in the background goes on after the call that began it.
  if (arrival.body.json["background"] === true) return false;
  if (arrival.headers.get("x-trunkline-internal") !== null) return false;
  return chatRequest === null || chatRequest.tools.every(isCallers);
}

function isCallers({ type }: Tool): boolean {
  return type === "function" || type === "custom";
}
