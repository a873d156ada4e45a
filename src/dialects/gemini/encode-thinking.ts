import type { JsonObject } from "../../canonical/json.ts";
import type { ReasoningOptions } from "../../canonical/request.ts";
import type { RequestContext, Warn } from "./encode-context.ts";
import { isGemini3, type ModelTraits } from "./model-traits.ts";
import { camelFields, readObject, readString } from "./read.ts";
import { THINKING_FIELDS } from "./wire.ts";

type Effort = ReasoningOptions["effort"] & string;
type Level = "MINIMAL" | "LOW" | "MEDIUM" | "HIGH";

/** Thinking levels of Gemini 3 by effort, as Google's own OpenAI endpoint reads them (https://ai.google.dev/gemini-api/docs/openai#thinking). */
const LEVELS: Record<Effort, Level> = {
  none: "MINIMAL",
  minimal: "MINIMAL",
  low: "LOW",
  medium: "MEDIUM",
  high: "HIGH",
  xhigh: "HIGH",
  max: "HIGH",
};

/** Thinking budgets of Gemini 2.5 by effort, from the same page. */
const BUDGETS: Record<Effort, number> = {
  none: 0,
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 24_576,
  max: 24_576,
};

/** Efforts that have no equal on Gemini. */
const ROUNDED: ReadonlySet<Effort> = new Set(["xhigh", "max"]);

/**
 * Encodes `thinkingConfig` for the target's generation: levels from Gemini 3 on, budgets in 2.5, nothing before.
 * `kept` is what a Gemini client sent; it goes out as it came where the target understands it.
 */
export function encodeThinking(
  options: ReasoningOptions | undefined,
  kept: JsonObject | undefined,
  context: RequestContext,
): JsonObject | undefined {
  const sent = kept === undefined ? undefined : readObject(kept, "thinkingConfig");
  const own = sent === undefined ? undefined : camelFields(sent, THINKING_FIELDS);
  const { traits, warn } = context;
  if (own !== undefined && (isGemini3(traits) || readString(own, "thinkingLevel") === undefined)) return own;
  if (options === undefined) return own;
  if (!thinks(traits)) {
    if (isWanted(options)) warn("unsupported_field", "reasoning", "this model does not think");
    return undefined;
  }
  const config = isGemini3(traits) ? encodeLevel(options, traits, warn) : encodeBudget(options, traits, warn);
  const shown = wantsThoughts(options);
  if (shown !== undefined) config.includeThoughts = shown;
  return Object.keys(config).length === 0 ? undefined : config;
}

function thinks({ gemma, generation, image }: ModelTraits): boolean {
  return !gemma && generation >= 2.5 && (generation >= 3 || !image);
}

function isWanted(options: ReasoningOptions): boolean {
  return options.effort !== "none" && options.budgetTokens !== 0;
}

/** Readable thoughts are sent when asked for, or where other vendors show them unasked (a budget, adaptive thinking). */
function wantsThoughts(options: ReasoningOptions): boolean | undefined {
  if (options.summary !== undefined) return options.summary !== "none";
  const budgeted = options.budgetTokens !== undefined && options.budgetTokens !== 0;
  return budgeted || options.adaptive === true ? true : undefined;
}

function encodeLevel(options: ReasoningOptions, traits: ModelTraits, warn: Warn): JsonObject {
  const effort = options.effort ?? effortOfBudget(options.budgetTokens, warn);
  if (effort === undefined) return {};
  const level = LEVELS[effort];
  const supported = supportedLevel(level, traits);
  if (supported !== level || effort === "none" || ROUNDED.has(effort)) {
    warn("changed_field", "reasoning", `Gemini has no such effort; thinking level ${supported} was sent`);
  }
  return { thinkingLevel: supported };
}

/**
 * Pro models refuse MINIMAL, and the first of them MEDIUM too; since 3.7 Flash refuses MINIMAL as well; Flash models that make
 * images know the least and the most only
 * (https://ai.google.dev/gemini-api/docs/generate-content/thinking#thinking-levels).
 */
function supportedLevel(level: Level, traits: ModelTraits): Level {
  if (traits.image && !traits.pro) return level === "MINIMAL" || level === "LOW" ? "MINIMAL" : "HIGH";
  if (level === "MINIMAL" && (traits.pro || (traits.generation >= 3.7 && !traits.lite))) return "LOW";
  if (!traits.pro) return level;
  return level === "MEDIUM" && traits.generation < 3.1 ? "HIGH" : level;
}

function effortOfBudget(budget: number | undefined, warn: Warn): Effort | undefined {
  if (budget === undefined || budget < 0) return undefined;
  if (budget === 0) return "none";
  warn("changed_field", "reasoning", "Gemini 3 takes a thinking level in place of a budget");
  if (budget <= 4096) return "low";
  return budget <= 16_384 ? "medium" : "high";
}

function encodeBudget(options: ReasoningOptions, traits: ModelTraits, warn: Warn): JsonObject {
  const budget = options.budgetTokens ?? (options.effort === undefined ? undefined : BUDGETS[options.effort]);
  if (budget === undefined) return {};
  const allowed = allowedBudget(budget, traits);
  if (allowed !== budget || (options.effort !== undefined && ROUNDED.has(options.effort))) {
    warn(
      "changed_field",
      "reasoning",
      `a thinking budget of ${allowed} tokens was sent, the nearest that the model takes`,
    );
  }
  return { thinkingBudget: allowed };
}

/** The ranges of https://ai.google.dev/gemini-api/docs/thinking#set-budget: Pro cannot be switched off. */
function allowedBudget(budget: number, traits: ModelTraits): number {
  if (budget < 0) return -1;
  if (traits.pro) return Math.min(Math.max(budget, 128), 32_768);
  if (budget === 0) return 0;
  return Math.min(Math.max(budget, traits.lite ? 512 : 1), 24_576);
}
