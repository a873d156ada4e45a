import { z } from "zod";
import { accessSchema } from "./access.ts";
import { aliasesSchema } from "./alias.ts";
import { catalogSchema } from "./catalog.ts";
import { experimentSchema } from "./experiment.ts";
import { governanceSchema } from "./governance.ts";
import { providerSchema } from "./provider.ts";
import { routingSchema } from "./routing.ts";
import { providerName } from "./scalars.ts";
import { asyncJobsSchema, batchesSchema, filesSchema, responsesSchema } from "./state.ts";
import { serverSchema } from "./server.ts";
import { journalSchema, logsSchema, storeSchema } from "./storage.ts";

/** The config file. */
export const configSchema = z.strictObject({
  version: z.literal(1).default(1).describe("Version of the file's form."),
  server: serverSchema.prefault({}).describe("The listening side."),
  log_level: z.enum(["debug", "info", "warn", "error"]).default("info").describe("What the process says about itself."),
  store: storeSchema.prefault({}).describe("Where records of requests, balances of budgets and admin tokens are kept."),
  journal: journalSchema.prefault({}).describe("The append-only file between requests and the store."),
  logs: logsSchema.prefault({}).describe("Request logs."),
  responses: responsesSchema.prefault({}).describe("Answers of the Responses API that are kept for later turns."),
  files: filesSchema.prefault({}).describe("Files that callers upload."),
  batches: batchesSchema.prefault({}).describe("Batches that the gateway runs itself."),
  async_jobs: asyncJobsSchema.prefault({}).describe("Requests whose answers are fetched later."),
  access: accessSchema.prefault({}).describe("Who may call."),
  providers: z
    .record(providerName, providerSchema)
    .default({})
    .describe("Providers by name: built-in ones, or your own with `dialect` and `base_url`."),
  catalog: catalogSchema.prefault({}).describe("Model facts and prices beside those that come with the program."),
  aliases: aliasesSchema,
  routing: routingSchema.prefault({}).describe("How calls find their way."),
  experiments: z
    .array(experimentSchema)
    .max(200)
    .default([])
    .describe("Calls that are split, to compare how the arms do."),
  governance: governanceSchema.prefault({}).describe("Who may call, and what they may spend."),
});
