import { z } from "zod";
import type { UsageUnit } from "../../../canonical/usage.ts";

const perMillion = z.number().min(0).max(1_000_000);

const perPiece = z.number().min(0).max(1_000_000).optional();

const unitsSchema = z.strictObject({
  searches: perPiece.describe("Per rerank search."),
  images: perPiece.describe("Per image made."),
  characters: perPiece.describe("Per character of speech."),
  audio_seconds: perPiece.describe("Per second of audio."),
  video_seconds: perPiece.describe("Per second of video."),
  pages: perPiece.describe("Per page read."),
} satisfies Record<UsageUnit, unknown>);

/** A price that stands in place of the catalog's, as a whole: what is not given here costs what `input` or `output` says. */
export const priceSchema = z
  .strictObject({
    input: perMillion.optional().describe("US dollars per million input tokens; needed unless units are given."),
    output: perMillion
      .optional()
      .describe("US dollars per million output tokens, reasoning included; needed unless units are given."),
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
    units: unitsSchema.optional().describe("US dollars per piece, for what is not billed by tokens."),
  })
  .refine(({ input, output, units }) => units !== undefined || (input !== undefined && output !== undefined), {
    message: "needs input and output, or units",
  });

/** Prices by model id or glob. */
export const pricesSchema = z.record(z.string().min(1).max(512), priceSchema).default({});
