import { z } from "zod";
import { aliasesSchema } from "./alias.ts";
import { grantSchema } from "./grant.ts";
import { budgets, rateLimits } from "./limits.ts";
import { pricesSchema } from "./price.ts";
import { instant, nameText, priority, secretText, tags } from "./scalars.ts";

const expiresAt = instant("When the key ends: an ISO 8601 date (its start in UTC) or date and time with offset.");

/** A caller's credential and what it may do. */
export const virtualKeySchema = z.strictObject({
  name: nameText.describe("Name of the key, unique."),
  value: secretText("The key that callers present; starts with sk-tl-. Best as `env.NAME`.").optional(),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be the SHA-256 of the key as 64 lower-case hex digits")
    .optional()
    .describe("SHA-256 of the key as hex, in place of `value`: then the file holds no secret."),
  team: nameText.optional().describe("Team that the key belongs to."),
  customer: nameText.optional().describe("Customer that it belongs to; by default the team's."),
  user: nameText.optional().describe("User that it belongs to."),
  access_profile: nameText.optional().describe("Access profile whose grants and limits the key has, beside its own."),
  provider_configs: z
    .array(grantSchema)
    .default([])
    .describe("Providers that the key may use. With none here and none in the access profile it may use nothing."),
  pricing: pricesSchema.describe(
    "What this caller is charged, by glob of provider/model, in place of what the provider takes.",
  ),
  budgets,
  rate_limits: rateLimits,
  priority: priority.describe(
    "Who goes first where requests wait for room at a provider, and who is refused first; by default the team's, else normal. A request may lower it with `x-trunkline-priority`.",
  ),
  aliases: aliasesSchema,
  enabled: z.boolean().default(true).describe("Whether the key is accepted."),
  expires_at: expiresAt.optional(),
  tags,
});
