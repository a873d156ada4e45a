import { z } from "zod";
import { CHAT_DIALECTS, FIRST_OPERATIONS, TASK_DIALECTS } from "../../../canonical/names.ts";
import { keyConcurrencySchema, providerConcurrencySchema } from "./concurrency.ts";
import { budgets, rateLimits } from "./limits.ts";
import { networkSchema } from "./network.ts";
import { pricesSchema } from "./price.ts";
import { modelGlobs, modelText, nameText, REFERENCE_MARK, SECRET_MARK, secretText, weight } from "./scalars.ts";

const settings = z
  .record(
    z.string().min(1).max(100),
    z
      .string()
      .min(1)
      .max(500)
      .meta({ [REFERENCE_MARK]: true }),
  )
  .default({});

/** A credential at a provider. */
export const providerKeySchema = z.strictObject({
  name: nameText.describe("Name of the key, unique within its provider; logs and headers show it."),
  value: secretText("The credential, best as `env.NAME`.").optional(),
  credentials: z
    .record(z.string().min(1).max(100), secretText("A part of the credential, best as `env.NAME`."))
    .default({})
    .describe("A credential of several parts, by name, in place of `value`; which parts stands with each provider."),
  settings: settings.describe("Settings for this key alone, over those of the provider."),
  weight: weight.describe("Share of the calls among the keys that may serve the model."),
  models: modelGlobs.default(["*"]).describe("Models that the key may serve: globs of model ids."),
  blocked_models: modelGlobs.default([]).describe("Models that it may not serve, whatever `models` says."),
  pricing: pricesSchema.describe("Prices of this key's account by model id or glob, above those of the provider."),
  concurrency: keyConcurrencySchema
    .optional()
    .describe("How many calls may be under way with the key; who has to wait stands in the provider's line."),
  rate_limits: rateLimits.describe("Requests or tokens per window that calls with the key may use."),
  budgets: budgets.describe("Money per period that calls with the key may cost, at what the provider takes."),
  enabled: z.boolean().default(true).describe("Whether the key is used."),
});

/** A place that speaks a dialect: a built-in provider by its name, or one of your own. */
export const providerSchema = z.strictObject({
  keys: z
    .array(providerKeySchema)
    .default([])
    .describe("Credentials; for a built-in provider without any, its usual environment variable is read."),
  base_url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      description: "Address with its version path, without the operation. Needed for a provider that is not built in.",
      [REFERENCE_MARK]: true,
      [SECRET_MARK]: true,
    }),
  dialect: z
    .enum(CHAT_DIALECTS)
    .optional()
    .describe("What it speaks. Needed for a provider that is not built in, refused else."),
  dialects: z
    .partialRecord(z.enum(FIRST_OPERATIONS), z.enum(TASK_DIALECTS))
    .default({})
    .describe(
      "What it speaks beside chat, by operation, such as `rerank: jina`: for a provider that is not built in, beside or in place of `dialect`.",
    ),
  settings: settings.describe(
    "What the provider's address or calls need to know, such as `region`; which ones stands with each.",
  ),
  keyless: z.boolean().default(false).describe("True when it takes no credential."),
  headers: z
    .record(
      z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "must be a header name"),
      secretText("A header's value, or a reference to it."),
    )
    .default({})
    .describe("Headers to send with every call."),
  network: networkSchema.prefault({}).describe("Timeouts, retries and certificates."),
  concurrency: providerConcurrencySchema
    .optional()
    .describe("How many calls may be under way, and how many requests may wait for room."),
  rate_limits: rateLimits.describe("Requests or tokens per window that calls to the provider may use, over all keys."),
  budgets: budgets.describe("Money per period that calls to the provider may cost, over all keys."),
  models: z
    .array(modelText)
    .default([])
    .describe("Ids of models that it has, beside those that the catalog knows; a bare name then finds it."),
  pricing: pricesSchema.describe("Prices by model id or glob, in place of the catalog's."),
  enabled: z.boolean().default(true).describe("Whether the provider is used."),
});
