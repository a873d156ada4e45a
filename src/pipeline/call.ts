import { GatewayError } from "../canonical/errors.ts";
import type { Usage } from "../canonical/usage.ts";
import type { Target } from "../domain/route/data.ts";
import { faultOf } from "./answer.ts";
import { HURRIED, isHaste, limitAttempt } from "./attempt-limit.ts";
import { settleAttempt } from "./attempt-limits.ts";
import { authorize, noteRefusal } from "./authorize.ts";
import { conceal } from "./conceal.ts";
import type { Reply, RequestContext } from "./context.ts";
import { noteAttempt } from "./note-attempt.ts";
import type { Kind } from "./kind.ts";
import { OUTRUN, type Lane } from "./lane.ts";
import type { Prepared } from "./prepared.ts";
import type { ReadyKey } from "./provider-key.ts";
import type { ReadyProvider } from "./provider.ts";
import { rest } from "./rest.ts";
import { takeOver } from "./take-over.ts";
import { beginWatch, endWatch } from "./target-watch.ts";
import { ChatStream } from "./chat-stream.ts";
import type { StreamCall } from "./stream-call.ts";
import { TaskBytes, TaskEvents } from "./task-stream.ts";
import { callWhole, type WholeAnswer } from "./upstream.ts";

/** One upstream call about to be made. */
export interface Call {
  target: Target;
  provider: ReadyProvider;
  key: ReadyKey;
  prepared: Prepared;
  kind: Kind;
  /** What a signer adds to the headers of this call. */
  authorization: Record<string, string>;
  lane: Lane;
  /** No other target is left behind it. */
  isLast: boolean;
  /** The caller gives it less time than the operator does. */
  isHurried: boolean;
  /** What the provider said of the usage before there was an answer; null: nothing. */
  earlyUsage: Usage | null;
}

/**
 * Makes one upstream call and notes it as an attempt. Null when it answered: then the reply stands in the context, and a
 * stream goes on flowing into it. A failure that other attempts may make good is returned; what ends the request is thrown.
 */
export async function call(context: RequestContext, it: Call): Promise<GatewayError | null> {
  if (context.cancelled !== null) throw context.cancelled;
  const started = context.runtime.clock.monotonic();
  it.lane.race?.begin(it, started);
  if (it.lane.hold !== null) it.lane.hold.isSent = true;
  beginWatch(context, it, started);
  const limit = limitAttempt(context, it);
  let failure: GatewayError | null = null;
  try {
    if (it.key.isSigned) it.authorization = await authorize(context, it);
    const { stream } = it.prepared;
    if (it.kind.open !== undefined) await it.kind.open(context, it, started);
    else if (stream !== null) context.reply = await streamCall(context, it, stream, started).open();
    // What is relayed has no steps behind it.
    else if (it.kind.followUp === undefined || it.prepared.isRelay)
      context.reply = wholeReply(context, it, await callWhole(context, it));
    else context.reply = await callInSteps(context, it, started);
  } catch (error) {
    failure = failed(context, it, error);
  } finally {
    if (limit !== null) clearTimeout(limit);
  }
  if (!context.isStreaming) ended(context, it, started, failure);
  return failure;
}

/** What the call failed with; throws what is no failure of its own. */
function failed(context: RequestContext, it: Call, error: unknown): GatewayError {
  if (!(error instanceof GatewayError) || error === OUTRUN) throw error;
  const failure = conceal(error, it);
  endWatch(context, it.lane, isHaste(it, failure) ? HURRIED : failure);
  settleAttempt(context, it.lane, it.earlyUsage);
  if (it.key.isSigned) noteRefusal(context, it, failure);
  return failure;
}

/** Nothing flows on after the call. Throws what ends the request. */
function ended(context: RequestContext, it: Call, started: number, failure: GatewayError | null): void {
  it.lane.giveUp = null;
  noteAttempt(context, it, started, failure);
  if (context.cancelled !== null) throw context.cancelled;
}

type Stream = NonNullable<Prepared["stream"]>;

function streamCall(context: RequestContext, it: Call, stream: Stream, started: number): StreamCall {
  if (stream.type === "chat") return new ChatStream(context, it, stream, started);
  if (stream.form === "bytes") return new TaskBytes(context, it, stream, started);
  return new TaskEvents(context, it, stream, started);
}

/** Makes the calls that have to follow the first; the last one answers the client. */
async function callInSteps(context: RequestContext, first: Call, started: number): Promise<Reply> {
  let it = first;
  for (;;) {
    const answer = await callWhole(context, it);
    checkStatus(context, it, answer);
    const next = it.kind.followUp?.(context, it, answer) ?? null;
    if (next === null) return replyOf(context, it, answer);
    await rest(context, it.lane, next.afterMs);
    it = { ...it, prepared: next.prepared };
    if (it.key.isSigned) it.authorization = await authorize(context, it);
    const { stream } = it.prepared;
    if (stream !== null) return streamCall(context, it, stream, started).open();
  }
}

function wholeReply(context: RequestContext, it: Call, answer: WholeAnswer): Reply {
  checkStatus(context, it, answer);
  return replyOf(context, it, answer);
}

function replyOf(context: RequestContext, it: Call, answer: WholeAnswer): Reply {
  it.lane.race?.check(it.lane);
  context.warnings = it.lane.warnings;
  const reply = it.kind.reply(context, it, answer);
  takeOver(context, it);
  return reply;
}

function checkStatus(context: RequestContext, it: Call, answer: WholeAnswer): void {
  if (answer.status >= 200 && answer.status <= 299) return;
  throw faultOf(it.target.provider, it.prepared.errors, answer, context.runtime.clock.wall());
}
