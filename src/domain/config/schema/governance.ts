import { z } from "zod";
import { aliasesSchema } from "./alias.ts";
import { grantSchema } from "./grant.ts";
import { budgets, rateLimits } from "./limits.ts";
import { nameText, priority, tags } from "./scalars.ts";
import { virtualKeySchema } from "./virtual-key.ts";

export const customerSchema = z.strictObject({
  name: nameText.describe("Name of the customer, unique."),
  budgets,
  rate_limits: rateLimits,
  aliases: aliasesSchema,
  tags,
});

export const teamSchema = z.strictObject({
  name: nameText.describe("Name of the team, unique."),
  customer: nameText.optional().describe("Customer that it belongs to."),
  priority: priority.describe("Priority of the requests of its virtual keys that state none."),
  budgets,
  rate_limits: rateLimits,
  aliases: aliasesSchema,
  tags,
});

export const userSchema = z.strictObject({
  name: nameText.describe("Name of the user, unique."),
  team: nameText.optional().describe("Team that the user belongs to."),
  budgets,
  rate_limits: rateLimits,
  tags,
});

/** Grants and limits that several virtual keys share by name. */
export const accessProfileSchema = z.strictObject({
  name: nameText.describe("Name of the access profile, unique."),
  provider_configs: z
    .array(grantSchema)
    .default([])
    .describe("Providers that keys with this profile may use, unless a key has its own list."),
  budgets: budgets.describe("Money per period, counted for each virtual key by itself."),
  rate_limits: rateLimits.describe("Requests or tokens per window, counted for each virtual key by itself."),
});

/** Who may call, and what they may spend. */
export const governanceSchema = z.strictObject({
  customers: z.array(customerSchema).default([]).describe("Customers."),
  teams: z.array(teamSchema).default([]).describe("Teams."),
  users: z.array(userSchema).default([]).describe("Users."),
  access_profiles: z.array(accessProfileSchema).default([]).describe("Access profiles."),
  virtual_keys: z.array(virtualKeySchema).default([]).describe("Virtual keys."),
  unknown_price: z
    .enum(["allow", "refuse"])
    .default("allow")
    .describe(
      "Calls under a budget to a model whose price is unknown: allow them (their cost shows as unknown and counts for nothing), or refuse them.",
    ),
});
