import { z } from "zod";
import { integer } from "./scalars.ts";

const MIB = 1024 * 1024;

/** How a provider is called. */
export const networkSchema = z.strictObject({
  connect_timeout_ms: integer(1, 600_000).default(5000).describe("To open a connection, in milliseconds."),
  first_byte_timeout_ms: integer(1, 3_600_000)
    .default(60_000)
    .describe("From the request sent to the answer's head, in milliseconds."),
  idle_timeout_ms: integer(1, 3_600_000).default(60_000).describe("Longest silence within an answer, in milliseconds."),
  max_retries: integer(0, 20).default(2).describe("Further attempts at the same target after a fault that may pass."),
  backoff_initial_ms: integer(0, 600_000)
    .default(200)
    .describe("Pause before the first retry, in milliseconds; doubles each time."),
  backoff_max_ms: integer(0, 600_000).default(5000).describe("Longest pause between retries, in milliseconds."),
  ca_file: z
    .string()
    .min(1)
    .optional()
    .describe("PEM file of certificate authorities to trust for this provider, in place of the system's."),
  max_response_bytes: integer(1024, 4096 * MIB)
    .default(64 * MIB)
    .describe(
      "Largest answer that is held as a whole, in bytes, after decompression; of a stream what comes before its first content.",
    ),
});
