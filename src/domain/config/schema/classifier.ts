import { z } from "zod";
import { CLASSIFIER_KINDS } from "../../../canonical/classification.ts";
import { integer, modelText, secretText } from "./scalars.ts";

const LONGEST_CONDITION = 8192;

/** Name of a classifier, as rules read it. */
const classifierName = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, "must be letters, digits, '_' and '-', starting with a letter");

/** A label: it stands in rules, traces and metrics. */
const label = z
  .string()
  .max(100)
  .regex(/^[^\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u, "must be printable text without blanks at its ends");

const text = z.string().min(1).max(4000);

const labelRuleSchema = z.strictObject({
  label: label.describe("Label where it holds."),
  when: z
    .string()
    .min(1)
    .max(LONGEST_CONDITION)
    .optional()
    .describe("CEL condition, over the variables of rules but `classes`, and `text`: the last user message."),
  pattern: z.string().min(1).max(2000).optional().describe("RE2 expression that the last user message matches."),
  keywords: z
    .array(z.string().min(1).max(100))
    .max(5000)
    .default([])
    .describe("Words and phrases, whatever their case, of which the last user message holds one."),
});

const memorySchema = z.strictObject({
  mode: z
    .enum(["sticky", "off"])
    .default("off")
    .describe("`sticky`: the first label of a conversation holds; `off`: each request is on its own."),
  ttl_seconds: integer(1, 86_400).default(900).describe("How long, since the last request."),
});

/** Something that finds a label for a request. Which keys it takes depends on its kind. */
export const classifierSchema = z.strictObject({
  kind: z
    .enum(CLASSIFIER_KINDS)
    .describe(
      "How it finds the label: `rules` by conditions, patterns and words; `embedding` by the likeness to examples; `http` by asking an endpoint; `model` by asking a chat model.",
    ),
  description: z.string().max(2000).optional().describe("What it is for."),
  when: z
    .string()
    .min(1)
    .max(LONGEST_CONDITION)
    .optional()
    .describe("CEL condition without which it does not run, over the variables of rules but `classes`, and `text`."),
  default: label.default("other").describe("Label where it finds none, fails or does not run."),
  shadow: z
    .boolean()
    .default(false)
    .describe("Whether it is only tried: it runs for every chat, beside the call, and rules see its default."),
  max_chars: integer(1, 32_768)
    .default(2000)
    .describe("Characters of the last user message that it sees: its beginning and its end."),
  memory: memorySchema.prefault({}).describe("What a conversation keeps of its label."),
  rules: z
    .array(labelRuleSchema)
    .max(500)
    .default([])
    .describe("`rules`: looked at in order; the first that holds decides."),
  model: modelText
    .optional()
    .describe("`embedding`: provider/model of the embeddings. `model`: model string of the chat model."),
  labels: z
    .record(label, z.array(text).max(200))
    .default({})
    .describe(
      "`embedding`: labels, each with examples. `model`: labels, each with what it means. `http`: labels that the endpoint may answer.",
    ),
  threshold: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe("Score below which a label does not count; what is a good likeness differs among embedding models."),
  top_k: integer(1, 16)
    .default(1)
    .describe("`embedding`: a label's score is the mean likeness of so many of its examples, the nearest ones."),
  timeout_ms: integer(1, 60_000)
    .optional()
    .describe("`embedding`, `http`, `model`: milliseconds until the default is taken; 300, for `model` 1,500."),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("`http`: address that is sent a POST."),
  headers: z
    .record(z.string().min(1).max(100), secretText("A header's value, best as `env.NAME`."))
    .default({})
    .describe("`http`: headers of the call."),
});

/** Classifiers by name. */
export const classifiersSchema = z
  .record(classifierName, classifierSchema)
  .default({})
  .describe('Classifiers by name; rules read them as `classes["NAME"].label` and `.score`.');
