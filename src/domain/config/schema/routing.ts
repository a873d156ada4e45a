import { z } from "zod";
import { attemptTimeout, hedging, retryBudgetSchema } from "./attempts.ts";
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
  attempt_timeout_ms: attemptTimeout.describe("As `routing.attempt_timeout_ms`, for the calls of this rule."),
  hedging: hedging.describe("As `routing.hedging`, for the calls of this rule; false: none."),
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
  attempt_timeout_ms: attemptTimeout.describe(
    "How long an attempt may take to bring an answer, or the first content of a stream, while another target is left to try, in milliseconds; and never more than half of the time that the request has left. None when absent.",
  ),
  hedging: hedging.describe("A second attempt that runs against one that is slow. None when absent."),
  retry_budget: retryBudgetSchema
    .prefault({})
    .describe("How many retries and hedges there may be at a target, so that its failure does not multiply its load."),
  rules: z.array(ruleSchema).default([]).describe("Routing rules."),
});
