import type { Item } from "../canonical/request.ts";
import type { ChatResponse } from "../canonical/response.ts";
import type { StreamPart } from "../canonical/stream-part.ts";
import { isContent } from "../canonical/stream-part.ts";
import { emptyUsage, type Usage } from "../canonical/usage.ts";
import { isJobOperation } from "../canonical/names.ts";
import type { RequestContext } from "./context.ts";
import { chargedCost } from "./price.ts";

const CHARACTERS_PER_TOKEN = 4;

/** Keeps the latest usage of a stream and the time of its first content. */
export function observeUsage(context: RequestContext, part: StreamPart): void {
  switch (part.type) {
    case "start":
      noteResponseId(context, part.id);
      context.serviceTier = part.serviceTier ?? context.serviceTier;
      return;
    case "end":
      context.serviceTier = part.serviceTier ?? context.serviceTier;
      return;
    case "usage":
      context.usage = part.usage;
      return;
    case "text_delta":
    case "reasoning_delta":
    case "tool_delta":
    case "refusal_delta":
      context.contentLength += part.text.length;
      context.firstContentAt ??= context.runtime.clock.monotonic();
      return;
    default:
      if (isContent(part)) context.firstContentAt ??= context.runtime.clock.monotonic();
  }
}

/** Longer ids are none that anybody could ask by. */
const MAX_ID = 512;

/** Notes the provider's id of the answer: it leads back to who has it. */
export function noteResponseId(context: RequestContext, id: string): void {
  if (id !== "" && id.length <= MAX_ID) context.responseId = id;
}

/** Works out the cost, so that the stages above settle and record it. */
export function settleUsage(context: RequestContext): void {
  context.giveUp = null;
  if (context.meter !== null) return context.meter.settleUsage();
  const { served } = context;
  if (served === null) {
    context.costNano = 0;
    return;
  }
  const { operation } = context.arrival;
  if (operation !== "count_tokens" && !isJobOperation(operation)) checkUsage(context);
  const { usage } = context;
  context.costNano = usage === null ? 0 : chargedCost(context, served, usage);
  if (context.costNano !== null) context.costNano += context.lostNano;
}

/** No answer has so many tokens: such a count is a fault. */
const MOST_TOKENS = 1e9;

/** Whether a provider's usage can be charged: some tokens or pieces, and not beyond measure. */
export function isPlausible(usage: Usage | null): usage is Usage {
  if (usage === null) return false;
  const tokens = usage.inputTokens + usage.outputTokens;
  return (tokens > 0 || usage.units !== undefined) && tokens <= MOST_TOKENS;
}

/**
 * An answer without usage was still billed by the provider: it counts by estimate, and says so. Of one that broke off, what
 * the provider had reported may be older than what it had sent.
 */
function checkUsage(context: RequestContext): void {
  const { usage } = context;
  const outputTokens = Math.ceil(context.contentLength / CHARACTERS_PER_TOKEN);
  if (isPlausible(usage)) {
    if (context.error === null || usage.outputTokens >= outputTokens) return;
    context.usage = { ...usage, outputTokens };
  } else
    context.usage = { ...emptyUsage(), inputTokens: context.size.inputTokens, outputTokens, units: context.size.units };
  context.warnings.push({
    code: "estimated",
    field: "usage",
    message: "the provider reported no usage: estimated by length",
  });
}

/** Characters of a whole answer's content. */
export function contentLengthOf(response: ChatResponse): number {
  let length = 0;
  for (const { items } of response.candidates) for (const item of items) length += itemLength(item);
  return length;
}

function itemLength(item: Item): number {
  if (item.type === "tool_call") return item.arguments.length;
  if (item.type === "reasoning") return item.text.length + item.summary.join("").length;
  if (item.type !== "message") return 0;
  let length = 0;
  for (const part of item.content) if (part.type === "text" || part.type === "refusal") length += part.text.length;
  return length;
}
