import { z } from "zod";
import { attemptTimeout, hedging, retryBudgetSchema } from "./attempts.ts";
import { classifiersSchema } from "./classifier.ts";
import { complexitySchema } from "./complexity.ts";
import { instant, integer, nameText } from "./scalars.ts";
import { groupSticky, stickySchema } from "./sticky.ts";
import { fallbacks, policy, targetSchema } from "./target.ts";

const SCOPE = /^(?:global|(?:customer|team|virtual_key):.+)$/u;

const refusalSchema = z.strictObject({
  message: z.string().min(1).max(1000).describe("What the caller is told."),
  status: integer(400, 499).default(403).describe("HTTP status of the answer."),
});

/** Whose calls something is about. */
export const scopeText = z
  .string()
  .regex(SCOPE, "must be global, customer:NAME, team:NAME or virtual_key:NAME")
  .default("global");

/** A CEL condition, and where the calls that meet it go or that they are refused. */
export const ruleSchema = z.strictObject({
  name: nameText.describe("Name of the rule, unique within its scope; the route's trace shows it."),
  description: z.string().max(2000).optional().describe("What it is for."),
  scope: scopeText.describe(
    "Whose calls it sees: global, customer:NAME, team:NAME or virtual_key:NAME. Nearer scopes come first.",
  ),
  priority: integer(-1_000_000, 1_000_000).default(0).describe("Order within the scope; lower comes first."),
  enabled: z.boolean().default(true).describe("Whether the rule is looked at."),
  when: z
    .string()
    .min(1)
    .max(8192)
    .describe('CEL condition over the request, such as `headers["x-tier"] == "premium"`.'),
  targets: z.array(targetSchema).default([]).describe("Where the calls go, by weight. Needed, unless it has `refuse`."),
  policy,
  sticky: groupSticky,
  fallbacks: fallbacks.describe("Model strings to try in order when every target failed."),
  attempt_timeout_ms: attemptTimeout.describe("As `routing.attempt_timeout_ms`, for the calls of this rule."),
  hedging: hedging.describe("As `routing.hedging`, for the calls of this rule; false: none."),
  confine: z
    .boolean()
    .default(false)
    .describe("Whether the calls may go nowhere else: fallbacks that are not the rule's own are ignored."),
  refuse: refusalSchema.optional().describe("In place of `targets`: the calls are refused."),
  chain_rule: z
    .boolean()
    .default(false)
    .describe("Whether the rules are looked at again with the provider and model that this one chose."),
  on_error: z
    .enum(["skip", "refuse"])
    .default("skip")
    .describe("When the condition cannot be evaluated: go on as if it did not hold, or refuse the call."),
  shadow: z
    .boolean()
    .default(false)
    .describe("Whether the rule is only tried: the trace tells that it would match, and nothing is acted on."),
  valid_from: instant(
    "From when the rule is looked at: an ISO 8601 date (its start in UTC) or date and time with offset.",
  ).optional(),
  valid_until: instant(
    "Until when the rule is looked at: an ISO 8601 date (its start in UTC) or date and time with offset.",
  ).optional(),
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
  sticky: stickySchema,
  rules: z.array(ruleSchema).default([]).describe("Routing rules."),
  complexity: complexitySchema.prefault({}).describe("How demanding requests are, as rules may read it."),
  classifiers: classifiersSchema,
});
