import { z } from "zod";
import { DEFAULT_THRESHOLDS, DEFAULT_WEIGHTS, FEATURES, WORD_KINDS } from "../../../canonical/complexity.ts";
import { integer } from "./scalars.ts";

const share = z.number().min(0).max(1);
const words = z.array(z.string().min(1).max(100)).max(5000);

const thresholdsSchema = z.strictObject({
  medium: share
    .default(DEFAULT_THRESHOLDS.medium)
    .describe("Score from which a request is `medium`; below, it is `simple`."),
  complex: share.default(DEFAULT_THRESHOLDS.complex).describe("Score from which it is `complex`."),
  reasoning: share.default(DEFAULT_THRESHOLDS.reasoning).describe("Score from which it is `reasoning`."),
});

/** What a conversation keeps of its classification. */
export const complexityMemorySchema = z.strictObject({
  mode: z
    .enum(["max", "sticky", "off"])
    .default("max")
    .describe(
      "`max`: a conversation stays at least in the highest tier that it reached; `sticky`: in the first; `off`: each request is on its own.",
    ),
  ttl_seconds: integer(1, 86_400)
    .default(900)
    .describe("How long: `max`, since the tier was last reached; `sticky`, since the last request."),
});

/** The variable `complexity`. */
export const complexitySchema = z.strictObject({
  enabled: z.boolean().default(false).describe("Whether rules may read `complexity`."),
  max_chars: integer(200, 32_768)
    .default(4000)
    .describe("Characters of the last user message that are looked at: its beginning and its end."),
  thresholds: thresholdsSchema.prefault({}).describe("Scores from which the tiers begin."),
  weights: z
    .partialRecord(z.enum(FEATURES), z.number().min(-1).max(1))
    .default({})
    .describe(
      `What a feature adds to the score where it is fully there. By default ${FEATURES.map((name) => `${name} ${DEFAULT_WEIGHTS[name]}`).join(", ")}.`,
    ),
  words: z
    .partialRecord(z.enum(WORD_KINDS), words)
    .default({})
    .describe(`Words and phrases to look for in place of the built-in ones: ${WORD_KINDS.join(", ")}.`),
  more_words: z.partialRecord(z.enum(WORD_KINDS), words).default({}).describe("Words and phrases beside those."),
  memory: complexityMemorySchema.prefault({}).describe("What a conversation keeps of its tier."),
});
