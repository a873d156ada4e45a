import { z } from "zod";

const perMillion = z.number().min(0).max(1_000_000);

/** A price that stands in place of the catalog's, as a whole: what is not given here costs what `input` or `output` says. */
export const priceSchema = z.strictObject({
  input: perMillion.describe("US dollars per million input tokens."),
  output: perMillion.describe("US dollars per million output tokens, reasoning included."),
  cached_input: perMillion
    .optional()
    .describe("Per million input tokens read from the provider's cache; default: input."),
  cache_write: perMillion
    .optional()
    .describe("Per million input tokens written to the cache for 5 minutes; default: input."),
  cache_write_1h: perMillion
    .optional()
    .describe("Per million input tokens written to the cache for an hour; default: cache_write."),
  audio_input: perMillion.optional().describe("Per million audio input tokens; default: input."),
  audio_output: perMillion.optional().describe("Per million audio output tokens; default: output."),
  web_search_per_thousand: perMillion
    .optional()
    .describe(
      "US dollars per thousand web searches that the provider runs; without it the cost of a call that searches is unknown.",
    ),
});
