import { GatewayError } from "../canonical/errors.ts";
import type { Target } from "../domain/route/data.ts";
import { parseAnswer } from "./answer.ts";
import type { Call } from "./call.ts";
import type { Reply, RequestContext } from "./context.ts";
import type { Kind } from "./kind.ts";
import { dialectOf, prepareCount } from "./prepare-chat.ts";
import type { Prepared } from "./prepared.ts";
import type { ReadyProvider } from "./provider.ts";
import type { WholeAnswer } from "./upstream.ts";

/** Counting the input tokens of a chat. */
export const COUNT_KIND: Kind = { prepare, reply };

function prepare(context: RequestContext, target: Target, provider: ReadyProvider): Prepared | null {
  const prepared = prepareCount(context, target, provider);
  if (prepared === null) estimate(context);
  return prepared;
}

/** Counts by length where the provider cannot count, and says so. */
function estimate(context: RequestContext): void {
  const body = context.chatDialect.countTokens?.encodeResponse(context.size.inputTokens) ?? {};
  context.warnings.push({
    code: "estimated",
    field: "input_tokens",
    message: "the provider cannot count tokens: estimated by length",
  });
  context.reply = { status: 200, contentType: "application/json", body: JSON.stringify(body) };
}

function reply(context: RequestContext, it: Call, answer: WholeAnswer): Reply {
  const { countTokens } = dialectOf(context, it.prepared.wire);
  const own = context.chatDialect.countTokens;
  if (countTokens === undefined || own === undefined) {
    throw new GatewayError("unsupported_operation", "this dialect does not count tokens");
  }
  const count = countTokens.decodeResponse(parseAnswer(it.target.provider, answer));
  const isOwn = it.prepared.wire.dialect === context.chatDialect.name;
  // What else the provider says of the tokens stays.
  const body = isOwn ? answer.body : JSON.stringify(own.encodeResponse(count));
  return { status: 200, contentType: "application/json", body };
}
