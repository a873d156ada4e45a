import { z } from "zod";
import { attemptTimeout, hedging } from "./attempts.ts";
import { modelText } from "./scalars.ts";
import { fallbacks, policy, targetSchema } from "./target.ts";

const targetsSchema = z.strictObject({
  targets: z.array(targetSchema).min(1).describe("Where the calls go, by weight."),
  policy,
  fallbacks: fallbacks.describe("Model strings to try in order when every target failed."),
  attempt_timeout_ms: attemptTimeout.describe("As `routing.attempt_timeout_ms`, for the calls of this alias."),
  hedging: hedging.describe("As `routing.hedging`, for the calls of this alias; false: none."),
});

const shortForm = modelText
  .describe("A model string: provider/model, a bare model or another alias.")
  .transform((model): z.output<typeof targetsSchema> => ({
    targets: [{ model, weight: 1 }],
    policy: "weighted",
    fallbacks: [],
  }));

/** Logical model names, by name. A single model string is short for one target. */
export const aliasesSchema = z
  .record(modelText, z.union([shortForm, targetsSchema]))
  .default({})
  .describe("Logical model names and what they stand for.");
