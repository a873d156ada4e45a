import type { PolicyName } from "../../../canonical/names.ts";
import { weightedOrder } from "../weighted.ts";
import { adaptive } from "./adaptive.ts";
import { cheapest } from "./cheapest.ts";
import { consistentHash } from "./consistent-hash.ts";
import { highestThroughput } from "./highest-throughput.ts";
import { leastBusy } from "./least-busy.ts";
import { lowestLatency } from "./lowest-latency.ts";
import { lowestUsage } from "./lowest-usage.ts";
import type { Policy } from "./policy.ts";
import { priority } from "./priority.ts";
import { roundRobin } from "./round-robin.ts";

/** How a group of targets is put in order. */
export const POLICIES: Readonly<Record<PolicyName, Policy>> = {
  weighted: (candidates, { draw }) => weightedOrder(candidates, draw),
  round_robin: roundRobin,
  least_busy: leastBusy,
  lowest_latency: lowestLatency,
  cheapest,
  highest_throughput: highestThroughput,
  lowest_usage: lowestUsage,
  priority,
  consistent_hash: consistentHash,
  adaptive,
};
