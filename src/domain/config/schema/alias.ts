import { z } from "zod";
import { attemptTimeout, hedging } from "./attempts.ts";
import { modelText } from "./scalars.ts";
import { groupSticky } from "./sticky.ts";
import { fallbacks, policy, targetSchema } from "./target.ts";

const aliasTargetSchema = targetSchema.extend({
  model: modelText
    .optional()
    .describe(
      "Model; when absent, the alias's own name. Without a provider it may also be an alias or provider/model.",
    ),
  when: z
    .string()
    .min(1)
    .max(8192)
    .optional()
    .describe("CEL condition; where it does not hold the target is left out."),
});

const targetsSchema = z.strictObject({
  targets: z.array(aliasTargetSchema).min(1).describe("Where the calls go, by weight."),
  policy,
  sticky: groupSticky,
  fallbacks: fallbacks.describe("Model strings to try in order when every target failed."),
  attempt_timeout_ms: attemptTimeout.describe("As `routing.attempt_timeout_ms`, for the calls of this alias."),
  hedging: hedging.describe("As `routing.hedging`, for the calls of this alias; false: none."),
  hidden: z.boolean().default(false).describe("Whether the alias is left out of the lists of models."),
  hide_targets: z
    .boolean()
    .default(false)
    .describe("Whether callers that see the alias neither see nor reach its targets by their own names."),
});

const shortForm = modelText
  .describe("A model string: provider/model, a bare model or another alias.")
  .transform((model): z.output<typeof targetsSchema> => ({
    targets: [{ model, weight: 1 }],
    policy: "weighted",
    fallbacks: [],
    hidden: false,
    hide_targets: false,
  }));

/** Logical model names, by name. A single model string is short for one target. */
export const aliasesSchema = z
  .record(modelText, z.union([shortForm, targetsSchema]))
  .default({})
  .describe("Logical model names and what they stand for.");
