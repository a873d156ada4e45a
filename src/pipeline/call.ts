import { GatewayError } from "../canonical/errors.ts";
import type { ProviderKey } from "../domain/balance/keys.ts";
import type { Target } from "../domain/route/data.ts";
import { faultOf, parseAnswer } from "./answer.ts";
import { conceal } from "./conceal.ts";
import type { Reply, RequestContext } from "./context.ts";
import { noteAttempt } from "./note-attempt.ts";
import type { Prepared } from "./prepare.ts";
import type { ReadyProvider } from "./provider.ts";
import { replyContext } from "./reply-context.ts";
import { StreamCall } from "./stream-call.ts";
import { callWhole, type WholeAnswer } from "./upstream.ts";
import { contentLengthOf, isPlausible } from "./usage.ts";

/** One upstream call about to be made. */
export interface Call {
  target: Target;
  provider: ReadyProvider;
  key: ProviderKey;
  prepared: Prepared;
}

/**
 * Makes one upstream call and notes it as an attempt. Null when it answered: then the reply stands in the context, and a
 * stream goes on flowing into it. A failure that other attempts may make good is returned; what ends the request is thrown.
 */
export async function call(context: RequestContext, it: Call): Promise<GatewayError | null> {
  if (context.cancelled !== null) throw context.cancelled;
  const started = context.runtime.clock.monotonic();
  const { provider, model } = it.target;
  context.served = { provider, model, key: it.key.data.name };
  const isStream = context.chat.stream && context.arrival.operation !== "count_tokens";
  let failure: GatewayError | null = null;
  try {
    if (isStream) context.reply = await new StreamCall(context, it, started).open();
    else context.reply = wholeReply(context, it, await callWhole(context, it.provider, it.key, it.prepared));
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    failure = conceal(error, it);
  }
  context.giveUp = context.isStreaming ? context.giveUp : null;
  if (!context.isStreaming) noteAttempt(context, it, started, failure);
  if (failure !== null) context.served = null;
  if (context.cancelled !== null && !context.isStreaming) throw context.cancelled;
  return failure;
}

function wholeReply(context: RequestContext, it: Call, answer: WholeAnswer): Reply {
  if (answer.status < 200 || answer.status > 299) {
    throw faultOf(it.target.provider, it.prepared.dialect, answer, context.runtime.clock.wall());
  }
  return context.arrival.operation === "count_tokens"
    ? countReply(context, it, answer)
    : answerReply(context, it, answer);
}

/** The client's form of a whole answer; takes its usage on the way. */
export function answerReply(context: RequestContext, it: Call, answer: WholeAnswer): Reply {
  const { dialect, isRelay } = it.prepared;
  const response = dialect.decodeResponse(parseAnswer(it.target.provider, answer));
  context.usage = response.usage ?? null;
  if (!isPlausible(context.usage)) context.contentLength = contentLengthOf(response);
  context.firstContentAt = context.runtime.clock.monotonic();
  if (isRelay) return { status: answer.status, contentType: "application/json", body: answer.body };
  const body = context.arrival.dialect.encodeResponse(response, replyContext(context));
  return { status: 200, contentType: "application/json", body: JSON.stringify(body) };
}

function countReply(context: RequestContext, it: Call, answer: WholeAnswer): Reply {
  const { countTokens } = it.prepared.dialect;
  const own = context.arrival.dialect.countTokens;
  if (countTokens === undefined || own === undefined) {
    throw new GatewayError("unsupported_operation", "this dialect does not count tokens");
  }
  const count = countTokens.decodeResponse(parseAnswer(it.target.provider, answer));
  return { status: 200, contentType: "application/json", body: JSON.stringify(own.encodeResponse(count)) };
}
