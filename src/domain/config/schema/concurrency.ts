import { z } from "zod";
import { MOST_WAITING } from "../../../canonical/load-bounds.ts";
import { integer } from "./scalars.ts";

const MOST_CALLS = 1_000_000;

/** How many calls a provider may have under way, and who waits for room. */
export const providerConcurrencySchema = z.strictObject({
  limit: integer(1, MOST_CALLS)
    .optional()
    .describe("Most calls under way at the provider, over all its keys; without it only limits of keys count."),
  queue: integer(0, MOST_WAITING)
    .default(100)
    .describe("Most requests that wait for room when no target has any; 0: none waits."),
  queue_timeout_ms: integer(1, 600_000).default(10_000).describe("How long a request waits for room, in milliseconds."),
});

/** How many calls a provider key may have under way. */
export const keyConcurrencySchema = z.strictObject({
  limit: integer(1, MOST_CALLS).describe("Most calls under way with the key."),
});
