import { objectOf, type Json, type JsonObject } from "../json.ts";
import type { ChatRequest, ReasoningOptions } from "../request.ts";
import { decodeReasoning, isSameReasoning } from "./decode-reasoning.ts";
import { warnOnce, type Warning } from "../warning.ts";
import type { ClaudeContext } from "./claude-context.ts";
import type { Effort, ModelTraits } from "./model-traits.ts";

/** Thinking settings of the wire: `thinking`, and `output_config.effort`. */
export interface Thinking {
  thinking?: JsonObject;
  effort?: Effort;
}

/** What else of the request decides about thinking. */
export interface ThinkingLimits {
  maxTokens: number;
  forcedTool: boolean;
  /** The host takes a forced call only where thinking is switched off (Amazon Bedrock: vendor's `claude-api` skill, migration). */
  forcingNeedsOff?: boolean;
  /** The turn that the model is to go on with, after its calls or in the midst of its text, begins without thinking. */
  goesOnUnthought: () => boolean;
}

/**
 * Effort as a budget of thinking tokens, for models without adaptive thinking. The wire wants at least 1,024
 * (vendor SDK: `ThinkingConfigEnabled`); the top stays below the smallest output limit of such a model, 32,000.
 */
const BUDGETS: Record<Exclude<Effort, "none">, number> = {
  minimal: 1024,
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 24_576,
  max: 30_000,
};
const MIN_BUDGET = 1024;
/** The most of `max_tokens` that a budget may take when it has to shrink: the answer needs room as well. */
const BUDGET_SHARE = 0.8;

/** A budget as effort, for models without budgets: the first row that holds it. */
const EFFORT_OF_BUDGET: readonly [number, Effort][] = [
  [2048, "low"],
  [8192, "medium"],
  [16_384, "high"],
  [24_576, "xhigh"],
  [Number.POSITIVE_INFINITY, "max"],
];

const FORCED = "a tool call is forced, which excludes thinking";

/** Where to go when a model lacks an effort: the nearest one below it, else above. */
const LADDER: readonly Effort[] = ["low", "medium", "high", "xhigh", "max"];

/**
 * The thinking settings for the target. A caller of this dialect gets back what it wrote unless the model is known to refuse
 * it; what cannot be kept is resolved with a warning.
 */
export function encodeThinking(
  request: ChatRequest,
  own: JsonObject,
  context: ClaudeContext,
  limits: ThinkingLimits,
): Thinking {
  const settings = settingsOf(request, own, context, limits);
  const isForced = limits.forcedTool && limits.forcingNeedsOff === true;
  return isForced && !context.native && context.traits.off === "disabled" ? forcedOff(settings, context) : settings;
}

function forcedOff({ thinking, effort }: Thinking, context: ClaudeContext): Thinking {
  const isChanged = thinking !== undefined && typeOf(thinking) !== "disabled";
  if (isChanged) warn(context, "changed_field", "reasoning", `thinking was switched off: ${FORCED}`);
  return { thinking: { type: "disabled" }, ...(effort !== undefined && { effort: capEffort(effort, context) }) };
}

function settingsOf(request: ChatRequest, own: JsonObject, context: ClaudeContext, limits: ThinkingLimits): Thinking {
  const wrote = decodeReasoning(own["thinking"], own["output_config"]);
  if (context.native && isSameReasoning(wrote, request.reasoning)) {
    const kept = keepOwn(own, context);
    if (kept !== undefined) return withinLimits(kept, context, limits);
  }
  const wanted = request.reasoning;
  if (wanted === undefined) return {};
  if (wanted.effort === "none" || wanted.budgetTokens === 0) return switchOff(context);
  return withinLimits(switchOn(wanted, context, limits), context, limits);
}

/** When a `thinking.type` is refused. */
const REFUSED: Record<string, (traits: ModelTraits) => boolean> = {
  enabled: ({ thinking }) => thinking !== "budget" && thinking !== "both",
  adaptive: ({ thinking }) => thinking !== "adaptive" && thinking !== "both",
  disabled: ({ off }) => off === "never" || off === "between_tools",
  between_tools: ({ off }) => off !== "between_tools",
};

/** The caller's own settings; undefined when the model is known to refuse their type. */
function keepOwn(own: JsonObject, context: ClaudeContext): Thinking | undefined {
  const thinking = objectOf(own["thinking"]);
  const type = typeOf(thinking);
  const { traits } = context;
  if (traits.claude && Object.hasOwn(REFUSED, type) && REFUSED[type]?.(traits) === true) return undefined;
  const effort = keepEffort(objectOf(own["output_config"])["effort"], type, context);
  return { ...(type !== "" && { thinking }), ...(effort !== undefined && { effort }) };
}

function keepEffort(effort: Json | undefined, type: string, context: ClaudeContext): Effort | undefined {
  if (typeof effort !== "string") return undefined;
  const isOff = type === "disabled" || type === "between_tools";
  if (!context.traits.claude) return effort as Effort;
  const known = nearestEffort(effort as Effort, context);
  return known !== undefined && isOff && context.traits.off !== "omit" ? capEffort(known, context) : known;
}

/** With thinking off, the models that think by default refuse an effort above `high`. */
function capEffort(effort: Effort, context: ClaudeContext): Effort {
  if (effort !== "xhigh" && effort !== "max") return effort;
  warn(context, "changed_field", "output_config.effort", "without thinking the model takes no effort above high");
  return "high";
}

function switchOff(context: ClaudeContext): Thinking {
  const { off } = context.traits;
  if (off === "omit") return {};
  if (off !== "never") return { thinking: { type: off } };
  warn(context, "changed_field", "reasoning", "the model always thinks: the lowest effort was sent");
  return { effort: "low" };
}

function switchOn(wanted: ReasoningOptions, context: ClaudeContext, limits: ThinkingLimits): Thinking {
  const { traits } = context;
  if (traits.thinking === "none") {
    warn(context, "unsupported_field", "reasoning", "the model does not think");
    return {};
  }
  const usesBudget = traits.thinking === "budget" || (traits.thinking === "both" && (wanted.budgetTokens ?? 0) > 0);
  return usesBudget ? withBudget(wanted, context, limits) : adaptive(wanted, context);
}

function adaptive(wanted: ReasoningOptions, context: ClaudeContext): Thinking {
  const effort = nearestEffort(effortOf(wanted, context), context);
  const display = context.traits.hiddenThinking && wanted.summary !== "none" && { display: "summarized" };
  return { thinking: { type: "adaptive", ...display }, ...(effort !== undefined && { effort }) };
}

function effortOf(wanted: ReasoningOptions, context: ClaudeContext): Effort | undefined {
  const { effort, budgetTokens: budget } = wanted;
  if (effort !== undefined || budget === undefined || budget < 0) return effort;
  const row = EFFORT_OF_BUDGET.find(([limit]) => budget <= limit);
  warn(context, "changed_field", "reasoning", "the model takes no thinking budget: the nearest effort was sent");
  return row?.[1];
}

function nearestEffort(effort: Effort | undefined, context: ClaudeContext): Effort | undefined {
  const { efforts } = context.traits;
  if (effort === undefined || efforts.includes(effort)) return effort;
  const step = LADDER.indexOf(effort);
  const below = LADDER.slice(0, Math.max(step, 0)).findLast((candidate) => efforts.includes(candidate));
  const nearest = below ?? efforts[0];
  if (nearest === undefined)
    warn(context, "unsupported_field", "reasoning", `effort ${effort} was left out: the model has none`);
  else warn(context, "changed_field", "reasoning", `effort ${effort} was sent as ${nearest}`);
  return nearest;
}

function withBudget(wanted: ReasoningOptions, context: ClaudeContext, limits: ThinkingLimits): Thinking {
  const { effort, budgetTokens } = wanted;
  const fromEffort = BUDGETS[effort === undefined || effort === "none" ? "medium" : effort];
  const asked = budgetTokens !== undefined && budgetTokens > 0 ? budgetTokens : fromEffort;
  const budget = Math.max(MIN_BUDGET, asked < limits.maxTokens ? asked : Math.floor(limits.maxTokens * BUDGET_SHARE));
  if (budget >= limits.maxTokens) {
    warn(context, "unsupported_field", "reasoning", `thinking needs more output tokens than ${limits.maxTokens}`);
    return {};
  }
  if (budgetTokens !== undefined && budgetTokens > 0 && budget !== budgetTokens) {
    warn(context, "changed_field", "reasoning", `the thinking budget was sent as ${budget} tokens`);
  }
  const known = effort !== undefined && context.traits.efforts.includes(effort);
  return { thinking: { type: "enabled", budget_tokens: budget }, ...(known && { effort }) };
}

/** Takes thinking out where the rest of the request does not allow it (vendor page "Extended thinking"). */
function withinLimits(settings: Thinking, context: ClaudeContext, limits: ThinkingLimits): Thinking {
  const type = typeOf(settings.thinking ?? {});
  if (!context.traits.claude || !isSwitchedOn(type, context)) return settings;
  const reason = limits.forcedTool
    ? FORCED
    : type === "enabled" && !context.native && limits.goesOnUnthought()
      ? "the turn to go on with was begun without thinking of this vendor"
      : undefined;
  if (reason === undefined) return settings;
  warn(context, "changed_field", "reasoning", `thinking was switched off: ${reason}`);
  const { thinking: _thinking, ...rest } = settings;
  return rest;
}

/** Models that think unless told otherwise take `adaptive` beside anything: for them it says nothing. */
function isSwitchedOn(type: string, { traits }: ClaudeContext): boolean {
  return type === "enabled" || (type === "adaptive" && traits.off === "omit");
}

function typeOf({ type }: JsonObject): string {
  return typeof type === "string" ? type : "";
}

function warn(context: ClaudeContext, code: Warning["code"], field: string, message: string): void {
  warnOnce(context.warnings, code, field, message);
}
