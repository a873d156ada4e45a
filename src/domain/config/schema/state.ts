import { z } from "zod";
import { integer } from "./scalars.ts";

const MIB = 1024 * 1024;

/** Answers of the Responses API that the gateway keeps for providers that do not. */
export const responsesSchema = z.strictObject({
  store: z
    .boolean()
    .default(true)
    .describe(
      "Whether input and answer are kept where the provider does not do so itself, for `previous_response_id` and retrieval; a request's `store: false` keeps nothing.",
    ),
  retention_days: integer(1, 36_500).default(30).describe("Days after which a kept answer is forgotten."),
  max_bytes: integer(1024, 64 * MIB)
    .default(4 * MIB)
    .describe("Largest input and answer that are kept, in bytes; larger ones are not, with a warning."),
});

/** Files that callers upload. */
export const filesSchema = z.strictObject({
  dir: z.string().min(1).default("./data/files").describe("Folder of the files, on a local disk."),
  max_bytes: integer(1024, 1024 * MIB)
    .default(200 * MIB)
    .describe("Largest file, in bytes; `server.max_body_bytes` bounds uploads too."),
  max_count: integer(1, 1_000_000).default(1000).describe("Most files that one team, or key without a team, may have."),
  retention_days: integer(1, 36_500).default(30).describe("Days after which a file is deleted."),
});

/** Batches that the gateway runs itself. */
export const batchesSchema = z.strictObject({
  concurrency: integer(1, 1000).default(4).describe("Lines of batches under way at the same time."),
  max_lines: integer(1, 1_000_000).default(50_000).describe("Most lines of one batch."),
  max_open: integer(1, 10_000).default(100).describe("Most batches under way of one team, or key without a team."),
  retention_days: integer(1, 36_500).default(30).describe("Days after which a batch is forgotten."),
});

/** Requests whose answers are fetched later. */
export const asyncJobsSchema = z.strictObject({
  concurrency: integer(1, 1000).default(16).describe("Such requests under way at the same time."),
  ttl_seconds: integer(1, 30 * 86_400)
    .default(3600)
    .describe("How long an answer is kept after the request ended, in seconds."),
  max_pending: integer(1, 1_000_000)
    .default(1000)
    .describe("Most such requests that wait or run of one team, or key without a team."),
});
