import { GatewayError } from "../../canonical/errors.ts";
import type { Target } from "../../domain/route/data.ts";
import { settleAttempt } from "../attempt-limits.ts";
import type { RequestContext, Stage } from "../context.ts";
import { NOT_NOW } from "../enter.ts";
import { hedgePlan } from "../hedge/plan.ts";
import { race } from "../hedge/race.ts";
import { dropGrant, holdGrant, type GrantHold } from "../grant-limits.ts";
import type { Lane } from "../lane.ts";
import { mockReply } from "../mock-reply.ts";
import { rememberSession } from "../sticky/remember-session.ts";
import { TargetQueue } from "../target-queue.ts";
import { endWatch } from "../target-watch.ts";
import { isFinal, tryTarget, type Trying, type Turn } from "../try-target.ts";
import { observeUsage, settleUsage } from "../usage.ts";

/** Calls the targets in order until one answers. */
export const attempt: Stage = {
  name: "attempt",
  async admit(context: RequestContext): Promise<void> {
    const mock = context.intent?.mockResponse ?? null;
    if (mock !== null && context.chatRequest !== null) {
      context.reply = mockReply(context, mock);
      return;
    }
    const queue = new TargetQueue(context);
    try {
      if (await tryAll(context, queue)) return;
    } catch (error) {
      throw error instanceof GatewayError && error.code === "deadline_exceeded" ? withAttempts(error, context) : error;
    }
    const failure = queue.primaryFailure ?? new GatewayError("no_target", "no provider key may serve this model");
    throw context.attempts.length < 2 ? failure : withAttempts(failure, context);
  },
  observe: observeUsage,
  settle(context: RequestContext): void {
    settleUsage(context);
    rememberSession(context);
    endWatch(context, context, context.error);
    settleAttempt(context, context, context.usage);
  },
};

/** True: a target has answered. */
function tryAll(context: RequestContext, queue: TargetQueue): Promise<boolean> | boolean {
  const first = queue.take();
  if (first === undefined) return false;
  const plan = hedgePlan(context, first);
  return plan === null ? tryTargets(context, context, queue, first) : race(context, plan, queue, first, tryTargets);
}

/** Tries one target after the other. */
async function tryTargets(context: RequestContext, lane: Lane, queue: TargetQueue, first: Target): Promise<boolean> {
  const warnings = lane.warnings.length;
  for (let target: Target | undefined = first; target !== undefined; target = queue.take()) {
    // One that waited for room may have been outrun meanwhile.
    lane.race?.check(lane);
    lane.warnings.length = warnings;
    const turn = { target, isLast: queue.isEmpty, mayWait: queue.mayWait && !lane.isHedge };
    const failure = await tryWithinGrant(context, lane, turn);
    if (failure === null) return true;
    if (failure === NOT_NOW) {
      // Of a target that another lane is calling, only the other key has no room.
      if (lane.avoidedKey === null) queue.putBack(target);
      // Who runs against another waits for nobody.
      if (lane.isHedge) return false;
      continue;
    }
    queue.fail(target, failure);
    if (isFinal(context, failure)) return false;
  }
  return false;
}

/** Tries one target as far as the caller's limits for its provider let it. Null: it answered. */
function tryWithinGrant(context: RequestContext, lane: Lane, turn: Turn): Trying {
  context.warnings = lane.warnings;
  const refusal = holdGrant(context, lane, turn.target);
  if (refusal !== null) return refusal;
  return lane.grant === null ? tryTarget(context, lane, turn) : tryGranted(context, lane, turn, lane.grant);
}

async function tryGranted(
  context: RequestContext,
  lane: Lane,
  turn: Turn,
  grant: GrantHold,
): Promise<GatewayError | null> {
  try {
    const trying = tryTarget(context, lane, turn);
    // Its body is made by now: others that run against it are not to be cut for its budget.
    if (lane.race !== null) context.outputCap = grant.outputCap;
    const failure = await trying;
    if (failure !== null) dropGrant(context, lane);
    return failure;
  } catch (error) {
    // Where others run on, the request is not over with this.
    if (lane.race !== null) dropGrant(context, lane);
    throw error;
  }
}

/** An error with the attempts that led to it. */
function withAttempts(error: GatewayError, { attempts }: RequestContext): GatewayError {
  if (attempts.length === 0) return error;
  return new GatewayError(error.code, error.message, { ...error.fields, attempts });
}
