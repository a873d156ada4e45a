import { z } from "zod";
import { modelText } from "./scalars.ts";
import { groupSticky } from "./sticky.ts";
import { fallbacks, policy, targetSchema } from "./target.ts";

const targetsSchema = z.strictObject({
  targets: z.array(targetSchema).min(1).describe("Where the calls go, by weight."),
  policy,
  sticky: groupSticky,
  fallbacks: fallbacks.describe("Model strings to try in order when every target failed."),
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
