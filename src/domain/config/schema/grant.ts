import { z } from "zod";
import { modelGlobs, providerName, weight } from "./scalars.ts";

/** A provider that may be used. */
export const grantSchema = z.strictObject({
  provider: providerName.describe("Name of the provider."),
  weight: weight.describe("Share of the calls for a model that several of the providers have."),
  allowed_models: modelGlobs
    .default(["*"])
    .describe("Models that may be used there: globs of model ids; an empty list allows none."),
});
