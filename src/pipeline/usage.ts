import type { StreamPart } from "../canonical/stream-part.ts";
import { isContent } from "../canonical/stream-part.ts";
import { emptyUsage, type Usage } from "../canonical/usage.ts";
import { costNano, isPriced } from "../domain/catalog/index.ts";
import type { RequestContext } from "./context.ts";

const CHARACTERS_PER_TOKEN = 4;

/** Keeps the latest usage of a stream and the time of its first content. */
export function observeUsage(context: RequestContext, part: StreamPart): void {
  switch (part.type) {
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

/** Works out the cost, so that the stages above settle and record it. */
export function settleUsage(context: RequestContext): void {
  context.giveUp = null;
  const { served, runtime, snapshot } = context;
  if (served === null) {
    context.costNano = 0;
    return;
  }
  if (context.usage === null && context.arrival.operation !== "count_tokens") estimateUsage(context);
  const price = runtime.catalog.priceOf(served.provider, served.model, context.arrival.wall, snapshot.data.prices);
  if (context.usage === null) context.costNano = 0;
  else if (price !== null && isPriced(price, context.usage)) context.costNano = costNano(price, context.usage);
}

/** An answer without usage was still billed by the provider: it counts by estimate, and says so. */
function estimateUsage(context: RequestContext): void {
  const usage: Usage = emptyUsage();
  usage.inputTokens = context.size.inputTokens;
  usage.outputTokens = Math.ceil(context.contentLength / CHARACTERS_PER_TOKEN);
  context.usage = usage;
  context.warnings.push({
    code: "estimated",
    field: "usage",
    message: "the provider reported no usage: estimated by length",
  });
}
