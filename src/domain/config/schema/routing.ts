import { z } from "zod";
import { classifiersSchema } from "./classifier.ts";
import { complexitySchema } from "./complexity.ts";
import { integer, nameText } from "./scalars.ts";
import { fallbacks, policy, targetSchema } from "./target.ts";

const SCOPE = /^(?:global|(?:customer|team|virtual_key):.+)$/u;

/** A CEL condition and where the calls that meet it go. */
export const ruleSchema = z.strictObject({
  name: nameText.describe("Name of the rule, unique within its scope; the route's trace shows it."),
  description: z.string().max(2000).optional().describe("What it is for."),
  scope: z
    .string()
    .regex(SCOPE, "must be global, customer:NAME, team:NAME or virtual_key:NAME")
    .default("global")
    .describe("Whose calls it sees: global, customer:NAME, team:NAME or virtual_key:NAME. Nearer scopes come first."),
  priority: integer(-1_000_000, 1_000_000).default(0).describe("Order within the scope; lower comes first."),
  enabled: z.boolean().default(true).describe("Whether the rule is looked at."),
  when: z
    .string()
    .min(1)
    .max(8192)
    .describe('CEL condition over the request, such as `headers["x-tier"] == "premium"`.'),
  targets: z.array(targetSchema).min(1).describe("Where the calls go, by weight."),
  policy,
  fallbacks: fallbacks.describe("Model strings to try in order when every target failed."),
  chain_rule: z
    .boolean()
    .default(false)
    .describe("Whether the rules are looked at again with the provider and model that this one chose."),
});

/** How calls find their way. */
export const routingSchema = z.strictObject({
  fallbacks: fallbacks.describe("Model strings to try in order when neither rule, alias nor request names fallbacks."),
  fallback_on_client_error: z
    .boolean()
    .default(false)
    .describe("Whether an upstream's refusal of the request itself (400, 404, 413, 422) also goes to the fallbacks."),
  rules: z.array(ruleSchema).default([]).describe("Routing rules."),
  complexity: complexitySchema.prefault({}).describe("How demanding requests are, as rules may read it."),
  classifiers: classifiersSchema,
});
