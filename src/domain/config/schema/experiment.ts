import { z } from "zod";
import { instant, integer, modelText, nameText, weight } from "./scalars.ts";
import { groupSticky } from "./sticky.ts";
import { fallbacks, policy, targetSchema } from "./target.ts";
import { scopeText } from "./routing.ts";

const armSchema = z.strictObject({
  name: nameText.describe("Name of the arm, unique within its experiment."),
  weight: weight.describe("Share of the units among the arms; with a ramp, among those beside the first."),
  model: modelText.optional().describe("Model string where its calls go: short for one target."),
  targets: z
    .array(targetSchema)
    .default([])
    .describe("Where its calls go. With neither model nor targets: where they would have gone anyway."),
  policy,
  sticky: groupSticky,
  fallbacks: fallbacks.describe("Model strings to try in order when every target failed."),
});

const rampStep = z.strictObject({
  from: instant("An ISO 8601 date (its start in UTC) or date and time with offset."),
  percent: z.number().min(0).max(100).describe("Units of a hundred that are in an arm beside the first from then on."),
});

const stopWhen = z.strictObject({
  error_rate: z
    .number()
    .gt(0)
    .lt(1)
    .describe("An arm beside the first whose errors are surely (with 97.5 %) above this share takes no more calls."),
  requests: integer(10, 1_000_000).default(50).describe("Requests that it must have had."),
  within_minutes: integer(1, 10_080).default(60).describe("How far back requests count."),
});

/** Calls that are split, to compare how the arms do. */
export const experimentSchema = z.strictObject({
  name: nameText.describe("Name of the experiment, unique; records and the route's trace show it."),
  description: z.string().max(2000).optional().describe("What is to be found out."),
  enabled: z.boolean().default(true).describe("Whether calls take part in it."),
  scope: scopeText.describe("Whose calls take part: global, customer:NAME, team:NAME or virtual_key:NAME."),
  when: z.string().min(1).max(8192).describe('CEL condition over the request, such as `model == "assistant"`.'),
  unit: z
    .enum(["user", "session", "virtual_key", "request"])
    .default("user")
    .describe("What keeps its arm: an end user, a session, a virtual key, or each request by itself."),
  arms: z
    .array(armSchema)
    .min(2)
    .max(20)
    .describe("Ways to compare; the first one is what the others are compared with."),
  ramp: z
    .array(rampStep)
    .max(100)
    .default([])
    .describe("How the arms beside the first grow, in order of time; without it the weights of all arms decide."),
  stop_when: stopWhen
    .optional()
    .describe("When arms beside the first are given up by themselves, until they or this are changed."),
  priority: integer(-1_000_000, 1_000_000).default(0).describe("Order among experiments; lower is looked at first."),
});
