import { GatewayError } from "../../canonical/errors.ts";
import type { Warning } from "../../canonical/warning.ts";
import type { Target } from "../../domain/route/data.ts";
import type { Call } from "../call.ts";
import type { RequestContext } from "../context.ts";
import { settleAttempt } from "../attempt-limits.ts";
import { timeLeft } from "../deadline.ts";
import { dropGrant } from "../grant-limits.ts";
import { OUTRUN, type Lane, type Rivals } from "../lane.ts";
import { noteLost } from "../note-attempt.ts";
import { releaseKey } from "../note-key.ts";
import { takeRetry } from "../retry-pause.ts";
import type { TargetQueue } from "../target-queue.ts";
import { endWatch, type TargetWatch } from "../target-watch.ts";
import { isPlausible } from "../usage.ts";
import { lostCost } from "./lost-cost.ts";
import type { HedgePlan } from "./plan.ts";
import { reserveRival } from "./reserve-rival.ts";
import { findRival } from "./rival.ts";

/** Tries targets from `first` on until one has answered (true) or none is left. */
export type TryTargets = (context: RequestContext, lane: Lane, queue: TargetQueue, first: Target) => Promise<boolean>;

/** One line of attempts among those that run against each other. */
class RacingLane implements Lane {
  giveUp: Lane["giveUp"] = null;
  watch: TargetWatch | null = null;
  hold: Lane["hold"] = null;
  keyClaim = 0;
  calls = 0;
  lost: Lane["lost"] = null;
  grant: Lane["grant"] = null;
  warnings: Warning[];
  readonly avoidedKey: number | null;
  readonly isHedge: boolean;
  readonly race: Race;
  /** The call under way or, between two, the last one. */
  call: Call | null = null;
  started = 0;

  constructor(rivals: Race, warnings: Warning[], isHedge: boolean, avoidedKey: number | null) {
    this.race = rivals;
    this.warnings = warnings;
    this.isHedge = isHedge;
    this.avoidedKey = avoidedKey;
  }
}

/**
 * Attempts that run against each other: when the first has brought nothing in time, a rival begins at the next target, and so
 * on. The first answer wins; the others are given up and noted before the request goes on. All lanes take their targets from
 * one queue, so that none is called twice.
 */
class Race implements Rivals {
  private readonly context: RequestContext;
  private readonly plan: HedgePlan;
  private readonly queue: TargetQueue;
  private readonly tryTargets: TryTargets;
  private readonly lanes: RacingLane[] = [];
  private readonly warnings: readonly Warning[];
  private running = 0;
  private winner: Lane | null = null;
  private thrown: unknown = null;
  private timer: Timer | null = null;
  private resolve: (isServed: boolean) => void = () => {};
  private reject: (error: unknown) => void = () => {};

  constructor(context: RequestContext, plan: HedgePlan, queue: TargetQueue, tryTargets: TryTargets) {
    this.context = context;
    this.plan = plan;
    this.queue = queue;
    this.tryTargets = tryTargets;
    this.warnings = [...context.warnings];
  }

  run(first: Target): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      this.context.giveUp = (reason) => this.giveUp(reason);
      this.start(first, false, null);
      this.timer = setTimeout(() => this.hedge(), this.plan.afterMs);
    });
  }

  begin(it: Call, started: number): void {
    this.check(it.lane);
    const lane = this.lanes.find((each) => each === it.lane);
    if (lane === undefined) return;
    lane.call = it;
    lane.started = started;
  }

  check(lane: Lane): void {
    if (this.winner !== null && this.winner !== lane) throw OUTRUN;
  }

  win({ lane, target }: Call): void {
    this.giveWay(lane);
    if (this.lanes.length > 1)
      this.context.trace.push({ step: "hedge", result: `${target.provider}/${target.model} answered first` });
  }

  private giveWay(winner: Lane): void {
    this.winner = winner;
    this.stopTimer();
    for (const each of this.lanes) if (each !== winner) this.outrun(each);
  }

  private outrun(lane: RacingLane): void {
    const { context } = this;
    if (lane.watch !== null && lane.call !== null) {
      const { earlyUsage } = lane.call;
      const cost = lostCost(context, lane.call);
      context.lostNano += cost ?? 0;
      const tokens = isPlausible(earlyUsage) ? earlyUsage.inputTokens + earlyUsage.outputTokens : 0;
      lane.lost = { nanoUsd: cost ?? 0, requests: 1, tokens };
      noteLost(context, lane.call, lane.started, cost);
      endWatch(context, lane, OUTRUN);
      settleAttempt(context, lane, earlyUsage);
      releaseKey(context, lane, lane.call.key);
    }
    // At once: the answer that won may settle the request before this lane has come to its end.
    dropGrant(context, lane);
    lane.giveUp?.(OUTRUN);
  }

  private start(target: Target, isHedge: boolean, avoidedKey: number | null): void {
    const lane = new RacingLane(this, [...this.warnings], isHedge, avoidedKey);
    this.lanes.push(lane);
    this.running += 1;
    this.tryTargets(this.context, lane, this.queue, target).then(
      (isServed) => this.ended(lane, isServed, null),
      (error: unknown) => this.ended(lane, false, error),
    );
  }

  /** The first attempt has brought nothing in time. */
  private hedge(): void {
    const { context, queue, plan } = this;
    const slow = this.lanes[0]?.call ?? null;
    if (slow === null || timeLeft(context) <= 0) return;
    const rival = findRival(context, queue, slow);
    const isTwice = rival?.avoidedKey != null && this.lanes.length > 1;
    if (rival === null || isTwice || !this.mayAfford(rival.target, slow)) return;
    const { target, avoidedKey } = rival;
    const which = avoidedKey === null ? "" : " with another key";
    const after = `${Math.round(plan.afterMs)} ms without an answer`;
    context.trace.push({ step: "hedge", result: `${target.provider}/${target.model}${which}, after ${after}` });
    queue.takeOut(target);
    this.start(target, true, avoidedKey);
    if (this.lanes.length <= plan.max) this.timer = setTimeout(() => this.hedge(), plan.afterMs);
  }

  private mayAfford(target: Target, slow: Call): boolean {
    const { context } = this;
    if (!takeRetry(context, slow.target, "hedge")) return false;
    if (reserveRival(context, [target, ...this.queue.left])) return true;
    const { provider, model } = target;
    context.trace.push({ step: "hedge", result: `${provider}/${model}: not made, a budget has no room for it` });
    return false;
  }

  private giveUp(reason: GatewayError): void {
    this.stopTimer();
    for (const lane of this.lanes) lane.giveUp?.(reason);
  }

  /** A lane has come to its end. The last one without an answer ends the race. */
  private ended(lane: Lane, isServed: boolean, error: unknown): void {
    this.running -= 1;
    settleAttempt(this.context, lane, null);
    if (error !== null && error !== OUTRUN) this.note(error);
    // What needed no call was answered without a word to the others.
    if (isServed && this.winner === null) this.giveWay(lane);
    if (isServed) return this.resolve(true);
    if (this.winner !== null || this.running > 0) return;
    this.stopTimer();
    if (this.thrown === null) this.resolve(false);
    else this.reject(this.thrown);
  }

  private note(error: unknown): void {
    this.thrown ??= error;
    const isHidden = this.winner !== null || this.running > 0;
    if (isHidden && !(error instanceof GatewayError)) this.context.runtime.report(error);
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

/** Tries the targets as `tryTargets` does, with rivals as planned. */
export function race(
  context: RequestContext,
  plan: HedgePlan,
  queue: TargetQueue,
  first: Target,
  tryTargets: TryTargets,
): Promise<boolean> {
  return new Race(context, plan, queue, tryTargets).run(first);
}
