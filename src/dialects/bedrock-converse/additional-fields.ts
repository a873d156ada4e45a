import { decodeReasoning } from "../../canonical/claude/decode-reasoning.ts";
import { objectOf, type Json, type JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, ReasoningOptions } from "../../canonical/request.ts";

type NumberField = "topK" | "seed" | "presencePenalty" | "frequencyPenalty";

/** Where the families of models take what the wire itself has no field for; see `model-family.ts`. */
const NUMBERS: readonly [string, NumberField][] = [
  ["top_k", "topK"],
  ["k", "topK"],
  ["seed", "seed"],
  ["presence_penalty", "presencePenalty"],
  ["frequency_penalty", "frequencyPenalty"],
];

const EFFORTS: ReadonlySet<string> = new Set(["none", "minimal", "low", "medium", "high", "xhigh", "max"]);

/** Reads what the canonical form can name of `additionalModelRequestFields` and `outputConfig`. */
export function readAdditionalFields(
  additional: Json | undefined,
  outputConfig: Json | undefined,
  to: ChatRequest,
): void {
  const fields = objectOf(additional);
  for (const [field, name] of NUMBERS) {
    const value = fields[field];
    if (typeof value === "number") to[name] ??= value;
  }
  const { topK } = objectOf(fields["inferenceConfig"]);
  if (typeof topK === "number") to.topK ??= topK;
  const reasoning = reasoningOf(fields, objectOf(outputConfig));
  if (reasoning !== undefined) to.reasoning = reasoning;
}

/** Structured output in Claude's own words: https://platform.claude.com/docs/en/build-with-claude/structured-outputs. */
export function claudeFormat(additional: Json | undefined): Json | undefined {
  return objectOf(objectOf(additional)["output_config"])["format"];
}

/** Claude's `thinking` (also called `reasoning_config`) and effort, Nova's `reasoningConfig`, or the `reasoning_effort` of models with OpenAI's parameters. */
function reasoningOf(fields: JsonObject, outputConfig: JsonObject): ReasoningOptions | undefined {
  const claude = decodeReasoning(fields["thinking"] ?? fields["reasoning_config"], {
    ...objectOf(fields["output_config"]),
    ...outputConfig,
  });
  if (claude !== undefined) return claude;
  const nova = objectOf(fields["reasoningConfig"] ?? objectOf(fields["inferenceConfig"])["reasoningConfig"]);
  if (nova["type"] === "disabled") return { effort: "none" };
  const effort = fields["reasoning_effort"] ?? (nova["type"] === "enabled" ? nova["maxReasoningEffort"] : undefined);
  return typeof effort === "string" && EFFORTS.has(effort) ? { effort: effort as Effort } : undefined;
}

type Effort = NonNullable<ReasoningOptions["effort"]>;
