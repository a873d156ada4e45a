import { z } from "zod";
import { periodSchema, windowSchema } from "./period.ts";
import { integer } from "./scalars.ts";

/** The largest budget whose nano-dollars are exact in a double. */
const MAX_USD = 9_000_000;

/** Money per period: a hard cap. */
export const budgetSchema = z.strictObject({
  limit_usd: z.number().positive().max(MAX_USD).describe("US dollars that may be spent in a period."),
  period: periodSchema.describe(
    "A count and a unit (s, m, h, d, w, M, Y), such as 1d or 1M, aligned in UTC; or never, for a budget that does not reset.",
  ),
});

/** Requests or tokens per window. */
export const rateLimitSchema = z.strictObject({
  metric: z.enum(["requests", "tokens"]).describe("What is counted."),
  limit: integer(1, Number.MAX_SAFE_INTEGER).describe("How many in a window."),
  window: windowSchema.describe("A count and a unit (s, m, h, d, w, M, Y), such as 1m, aligned in UTC."),
});

export const budgets = z.array(budgetSchema).default([]).describe("Money per period; every one of them holds.");
export const rateLimits = z
  .array(rateLimitSchema)
  .default([])
  .describe("Requests or tokens per window; every one of them holds.");
