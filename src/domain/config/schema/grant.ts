import { z } from "zod";
import { budgets, rateLimits } from "./limits.ts";
import { modelGlobs, providerName, weight } from "./scalars.ts";

/** A provider that may be used. */
export const grantSchema = z.strictObject({
  provider: providerName.describe("Name of the provider."),
  weight: weight.describe(
    "Share of the calls for a model that several of the providers have; 0 is used only when nothing else is left.",
  ),
  allowed_models: modelGlobs
    .default(["*"])
    .describe("Models that may be used there: globs of model ids; an empty list allows none."),
  budgets: budgets.describe("Money per period that each virtual key may spend at this provider."),
  rate_limits: rateLimits.describe("Requests or tokens per window of each virtual key at this provider."),
});
