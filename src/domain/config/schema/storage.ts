import { z } from "zod";
import { integer, secretText } from "./scalars.ts";

const MIB = 1024 * 1024;

/** Where records of requests, balances of budgets and admin tokens are kept. */
export const storeSchema = z.strictObject({
  url: secretText("Address of the store: `sqlite:PATH`, or `sqlite::memory:` to keep nothing.").prefault(
    "sqlite:./data/trunkline.db",
  ),
});

/** The append-only file of records between requests and the store. */
export const journalSchema = z.strictObject({
  dir: z.string().min(1).default("./data/journal").describe("Folder of the journal's segments, on a local disk."),
  max_bytes: integer(16 * MIB, 1024 * 1024 * MIB)
    .default(1024 * MIB)
    .describe("How much may wait for the store, in bytes."),
  when_full: z
    .enum(["refuse", "drop_oldest"])
    .default("refuse")
    .describe("At that bound: refuse new requests with 503, or drop the oldest records and count them."),
});

/** Request logs. */
export const logsSchema = z.strictObject({
  stdout: z.boolean().default(false).describe("Also print each request's record as one line of JSON."),
  retention_days: integer(0, 36_500)
    .default(30)
    .describe("Days after which the store forgets a request's record; 0 keeps all."),
});
