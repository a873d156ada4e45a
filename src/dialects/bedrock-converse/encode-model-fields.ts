import { encodeSampling } from "../../canonical/claude/encode-sampling.ts";
import { encodeThinking, type Thinking, type ThinkingLimits } from "../../canonical/claude/encode-thinking.ts";
import { objectOf, type JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { warn, type EncodeContext } from "./encode-context.ts";

/** What a request asks of the model beyond the conversation. */
export interface ModelFields {
  /** `temperature` and `topP` of `inferenceConfig`. */
  inference: JsonObject;
  /** `additionalModelRequestFields`. */
  additional: JsonObject;
  /** `outputConfig.effort`. */
  effort: string | undefined;
}

/**
 * The model's parameters where its maker takes them. A caller of this dialect wrote its additional fields for the model:
 * they stay as they are.
 */
export function encodeModelFields(
  request: ChatRequest,
  own: JsonObject,
  context: EncodeContext,
  limits: ThinkingLimits,
): ModelFields {
  if (context.native) {
    const { temperature, topP } = request;
    const inference = { ...(temperature !== undefined && { temperature }), ...(topP !== undefined && { topP }) };
    return { inference, additional: objectOf(own["additionalModelRequestFields"]), effort: undefined };
  }
  return context.family.name === "claude" ? claudeFields(request, context, limits) : otherFields(request, context);
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html */
function claudeFields(request: ChatRequest, context: EncodeContext, limits: ThinkingLimits): ModelFields {
  warnOfChatFields(request, context);
  const { thinking, effort }: Thinking = encodeThinking(request, {}, context, limits);
  const type = thinking?.["type"];
  const sampling = encodeSampling(request, type === "enabled" || type === "adaptive", context);
  const { temperature, top_p: topP, top_k } = sampling;
  return {
    inference: { ...(temperature !== undefined && { temperature }), ...(topP !== undefined && { topP }) },
    additional: { ...(thinking !== undefined && { thinking }), ...(top_k !== undefined && { top_k }) },
    effort,
  };
}

const CHAT_FIELDS = [
  ["seed", "seed"],
  ["presencePenalty", "presence_penalty"],
  ["frequencyPenalty", "frequency_penalty"],
] as const;

function warnOfChatFields(request: ChatRequest, context: EncodeContext): void {
  for (const [name, field] of CHAT_FIELDS) {
    const value = request[name];
    if (value !== undefined && (value !== 0 || name === "seed"))
      warn(context, "unsupported_field", field, `${field} has no equivalent and was left out`);
  }
}

function otherFields(request: ChatRequest, context: EncodeContext): ModelFields {
  const { family } = context;
  const additional: JsonObject = {};
  if (!family.chatFields) warnOfChatFields(request, context);
  else
    for (const [name, field] of CHAT_FIELDS) {
      const value = request[name];
      if (value !== undefined) additional[field] = value;
    }
  putTopK(request, additional, context);
  putReasoning(request, additional, context);
  const { topP } = request;
  const temperature = clamped(request.temperature, context);
  return {
    inference: { ...(temperature !== undefined && { temperature }), ...(topP !== undefined && { topP }) },
    additional,
    effort: undefined,
  };
}

/** The wire's range is 0 to 1 (AWS SDK: `InferenceConfiguration`); other dialects go up to 2. */
function clamped(temperature: number | undefined, context: EncodeContext): number | undefined {
  if (temperature === undefined || temperature <= 1) return temperature;
  warn(context, "changed_field", "temperature", "temperature was lowered to 1");
  return 1;
}

function putTopK({ topK }: ChatRequest, additional: JsonObject, context: EncodeContext): void {
  if (topK === undefined) return;
  const [first, second] = context.family.topK ?? [];
  if (first === undefined) warn(context, "unsupported_field", "top_k", "the model takes no top_k: it was left out");
  else additional[first] = second === undefined ? topK : { [second]: topK };
}

type Effort = NonNullable<NonNullable<ChatRequest["reasoning"]>["effort"]>;

/** Both families know three efforts. */
const EFFORTS: Readonly<Record<Exclude<Effort, "none">, string>> = {
  minimal: "low",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "high",
  max: "high",
};

function putReasoning({ reasoning }: ChatRequest, additional: JsonObject, context: EncodeContext): void {
  const { family } = context;
  if (reasoning === undefined) return;
  const isOff = reasoning.effort === "none" || reasoning.budgetTokens === 0;
  if (family.reasoning === "nova") {
    additional["reasoningConfig"] = isOff
      ? { type: "disabled" }
      : { type: "enabled", maxReasoningEffort: effortOf(reasoning, context) };
  } else if (family.reasoning === "effort") {
    if (isOff) warn(context, "changed_field", "reasoning", "the model always reasons: the lowest effort was sent");
    additional["reasoning_effort"] = isOff ? "low" : effortOf(reasoning, context);
  } else if (!isOff) warn(context, "unsupported_field", "reasoning", "the model takes no reasoning settings");
}

/** Thinking tokens up to which an effort is the nearest to a budget. */
const BUDGETS: readonly [number, Exclude<Effort, "none">][] = [
  [2048, "low"],
  [8192, "medium"],
];

function effortOf(wanted: NonNullable<ChatRequest["reasoning"]>, context: EncodeContext): string {
  const { effort, budgetTokens: budget } = wanted;
  if (effort === undefined || effort === "none") {
    if (budget === undefined || budget < 0) return "medium";
    warn(context, "changed_field", "reasoning", "the model takes no thinking budget: the nearest effort was sent");
    return BUDGETS.find(([limit]) => budget <= limit)?.[1] ?? "high";
  }
  const sent = EFFORTS[effort];
  if (sent !== effort) warn(context, "changed_field", "reasoning", `effort ${effort} was sent as ${sent}`);
  return sent;
}
