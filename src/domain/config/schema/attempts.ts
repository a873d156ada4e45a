import { z } from "zod";
import { integer } from "./scalars.ts";

/** How long an attempt may keep others waiting. */
export const attemptTimeout = integer(10, 3_600_000).optional();

const after = z.union([
  integer(1, 3_600_000).describe("Milliseconds."),
  z
    .string()
    .regex(/^p[5-9][0-9]$/, "must be p50 to p99, or milliseconds")
    .describe("p50 to p99: the time within which so many percent of the first target's answers came."),
]);

const hedgeSchema = z.strictObject({
  after: after.describe(
    "How long an attempt may bring nothing before another begins at the next target: milliseconds, or p50 to p99 of what the first target usually takes.",
  ),
  max: integer(1, 3).default(1).describe("Further attempts at most; each begins when that time has passed once more."),
});

/** Second attempts that run against slow ones. */
export const hedging = z.union([z.literal(false), hedgeSchema]).optional();

/** How much may be sent again. */
export const retryBudgetSchema = z.strictObject({
  share: z
    .number()
    .min(0)
    .max(20)
    .default(0.2)
    .describe("Retries and hedges at most, as a share of the requests that came to the target within the window."),
  min_per_second: z
    .number()
    .min(0)
    .max(100_000)
    .default(10)
    .describe("Retries and hedges a second that are allowed beside that share, for targets with few requests."),
  window_ms: integer(1000, 600_000).default(10_000).describe("Length of the window, in milliseconds."),
});
