import type { ProviderFlags, ReasoningStyle } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { Effort, ReasoningOptions } from "../../canonical/request.ts";
import { nearestEffort } from "../../canonical/nearest-effort.ts";
import { REASONING_KEYS } from "./decode-options.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn } from "./encode-context.ts";
import { isSame } from "./encode-tools.ts";
import type { RequestShape } from "./shape.ts";

type Encoder = (options: ReasoningOptions, body: JsonObject, flags: ProviderFlags, context: EncodeContext) => void;

const ENCODERS: Record<ReasoningStyle, Encoder> = {
  effort: encodeEffort,
  thinking: (...wish) => encodeThinking("enabled", ...wish),
  adaptive: (...wish) => encodeThinking("adaptive", ...wish),
  enable_thinking: encodeSwitch,
  reasoning: encodeReasoning,
  chat_template_kwargs: encodeTemplate,
  unsupported: (_options, _body, _flags, context) =>
    warn(context, "unsupported_field", "reasoning.effort", "the host takes no field that steers reasoning"),
};

/** Writes what the request says of reasoning: in the client's own spelling while it still holds, else in the host's. */
export function encodeReasoningOptions(
  options: ReasoningOptions | undefined,
  shape: RequestShape | undefined,
  body: JsonObject,
  flags: ProviderFlags,
  context: EncodeContext,
): void {
  if (options === undefined) return;
  if (shape?.reasoning !== undefined && isSame(options, shape.reasoning)) return copySpelling(shape, body);
  if (asks(options) && context.gpt?.reasons === false) noteLeftOut(options, context);
  else if (asks(options)) ENCODERS[flags.reasoning ?? "effort"](options, body, flags, context);
  if (options.summary === "concise" || options.summary === "detailed") {
    warn(
      context,
      "unsupported_field",
      "reasoning.summary",
      "chat completions cannot ask for a summary of the reasoning",
    );
  }
}

function copySpelling(shape: RequestShape, body: JsonObject): void {
  for (const key of REASONING_KEYS) {
    const value = shape.spelling[key];
    if (value !== undefined) body[key] = value;
  }
}

/** A wish for a summary alone does not ask for reasoning. */
function asks({ effort, budgetTokens, adaptive, summary }: ReasoningOptions): boolean {
  return effort !== undefined || budgetTokens !== undefined || adaptive === true || summary === "none";
}

function isOff({ effort, budgetTokens }: ReasoningOptions): boolean {
  return effort === undefined ? budgetTokens === 0 : effort === "none";
}

/** OpenAI's models that do not reason refuse every field about it; to switch it off says nothing there. */
function noteLeftOut(options: ReasoningOptions, context: EncodeContext): void {
  if (!isOff(options)) warn(context, "unsupported_field", "reasoning.effort", "the model does not reason");
}

/** `reasoning_effort`, as OpenAI has it. */
function encodeEffort(options: ReasoningOptions, body: JsonObject, flags: ProviderFlags, context: EncodeContext): void {
  const effort = options.effort ?? effortOf(options.budgetTokens, context);
  const efforts = flags.efforts ?? context.gpt?.efforts;
  const takesNone = context.own || efforts?.includes("none") === true;
  if (effort === "none" && !takesNone) leaveOut(context);
  else if (effort !== undefined) body["reasoning_effort"] = nearest(effort, efforts, context);
  if (options.effort !== undefined) noteBudget(options, context);
}

/**
 * Clients of other dialects switch reasoning off for models that have none, too. OpenAI refuses `none` for those, as for
 * most that reason; the ones that take it have it as their default.
 */
function leaveOut(context: EncodeContext): void {
  warn(context, "changed_field", "reasoning.effort", "no effort was sent: most models refuse none");
}

function noteBudget({ budgetTokens = 0 }: ReasoningOptions, context: EncodeContext): void {
  if (budgetTokens <= 0) return;
  warn(context, "unsupported_field", "reasoning.budget_tokens", "chat completions take an effort, not a budget");
}

/** `thinking: {type}`, and an effort beside it where the host has one (Z.ai, DeepSeek, Moonshot, Volcengine). */
function encodeThinking(
  on: string,
  options: ReasoningOptions,
  body: JsonObject,
  flags: ProviderFlags,
  context: EncodeContext,
): void {
  if (options.effort === undefined && options.budgetTokens === undefined && options.adaptive !== true) return;
  body["thinking"] = { type: isOff(options) ? "disabled" : on };
  if (isOff(options)) return;
  if (flags.efforts !== undefined) encodeEffort(options, body, flags, context);
  else noteAmount(options, context);
}

/** The host can be told whether to reason, but not how much. */
function noteAmount({ effort, budgetTokens = 0 }: ReasoningOptions, context: EncodeContext): void {
  if (effort !== undefined) warn(context, "changed_field", "reasoning.effort", "the host takes on or off: on was sent");
  if (budgetTokens <= 0) return;
  warn(context, "changed_field", "reasoning.budget_tokens", "the host takes on or off: on was sent");
}

/** `enable_thinking` and `thinking_budget` (DashScope, SiliconFlow). */
function encodeSwitch(
  options: ReasoningOptions,
  body: JsonObject,
  _flags: ProviderFlags,
  context: EncodeContext,
): void {
  const { effort, budgetTokens = 0, adaptive } = options;
  if (effort === undefined && options.budgetTokens === undefined && adaptive !== true) return;
  body["enable_thinking"] = !isOff(options);
  if (isOff(options)) return;
  if (budgetTokens > 0) body["thinking_budget"] = budgetTokens;
  else noteAmount(options, context);
}

/** OpenRouter's `reasoning`, which Vercel has too: an effort or a budget, and whether the thoughts are wanted. */
function encodeReasoning(
  options: ReasoningOptions,
  body: JsonObject,
  flags: ProviderFlags,
  context: EncodeContext,
): void {
  const { effort, budgetTokens, adaptive, summary } = options;
  const reasoning: JsonObject = {};
  if (isOff(options)) reasoning["effort"] = "none";
  else if (effort !== undefined) reasoning["effort"] = nearest(effort, flags.efforts, context);
  else if (budgetTokens !== undefined && budgetTokens > 0) reasoning["max_tokens"] = budgetTokens;
  else if (budgetTokens !== undefined || adaptive === true) reasoning["enabled"] = true;
  if (effort !== undefined && !isOff(options)) noteBudget(options, context);
  if (summary === "none") reasoning["exclude"] = true;
  body["reasoning"] = reasoning;
}

/** What chat templates of open models read: Qwen and GLM `enable_thinking`, DeepSeek `thinking`; gpt-oss takes the effort. */
function encodeTemplate(
  options: ReasoningOptions,
  body: JsonObject,
  flags: ProviderFlags,
  context: EncodeContext,
): void {
  if (options.effort === undefined && options.budgetTokens === undefined && options.adaptive !== true) return;
  const isOn = !isOff(options);
  body["chat_template_kwargs"] = { enable_thinking: isOn, thinking: isOn };
  if (isOn) encodeEffort(options, body, flags, context);
}

/** The value nearest to an effort among those that the host takes. */
function nearest(effort: Effort, efforts: readonly Effort[] | undefined, context: EncodeContext): Effort {
  const found = efforts === undefined ? effort : nearestEffort(effort, efforts);
  if (efforts === undefined || found === effort) return effort;
  warn(context, "changed_field", "reasoning.effort", `the host takes ${efforts.join(", ")}: ${found} was sent`);
  return found;
}

/** Largest budget in tokens of each effort; more is `high`. */
const LOW_BUDGET = 4096;
const MEDIUM_BUDGET = 16384;

/** The effort nearest to a budget; nothing when the model is to decide. */
function effortOf(budget: number | undefined, context: EncodeContext): Effort | undefined {
  if (budget === undefined || budget < 0) return undefined;
  if (budget === 0) return "none";
  const effort = budget <= LOW_BUDGET ? "low" : budget <= MEDIUM_BUDGET ? "medium" : "high";
  const message = `chat completions take an effort: ${effort} was sent for a budget of ${budget} tokens`;
  warn(context, "changed_field", "reasoning.budget_tokens", message);
  return effort;
}
