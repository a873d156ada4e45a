import type { PolicyName } from "../../src/canonical/names.ts";
import { POLICIES } from "../../src/domain/balance/policies/index.ts";
import type { Candidate } from "../../src/domain/balance/policies/policy.ts";
import { TargetHealth } from "../../src/domain/balance/target-health.ts";
import type { Scenario, ScriptedTarget } from "./scenarios.ts";
import { seeded } from "../../src/domain/balance/fixtures/seeded.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** What became of the requests of one run. */
export interface SimulationResult {
  scenario: string;
  policy: PolicyName;
  requests: number;
  /** Share of the requests that were answered, by whichever target. */
  success: number;
  /** Share of the requests that the first target answered. */
  firstTry: number;
  /** Milliseconds to the first content. */
  p99Ms: number;
  /** Cents a thousand requests. */
  cost: number;
  /** Seconds from the start of the trouble until less than a tenth is tried at `a` first; null: there was none, or it never was. */
  shiftSeconds: number | null;
  /** Seconds from the end of the trouble until at least three quarters of its share are tried at `a` first again. */
  recoverSeconds: number | null;
}

const REQUESTS_PER_SECOND = 50;
const FIRST_BYTE_TIMEOUT_MS = 10_000;
const RETRY_AFTER_MS = 2000;
const TOKENS = 100;
const TOKEN_MS = 15;

interface Simulated extends ScriptedTarget {
  slot: number;
  /** Its only key rests until then. */
  restsUntil: number;
}

/** Runs a scenario under a policy, over the code that the gateway itself uses; a seed gives the same result every time. */
export function simulate(scenario: Scenario, policy: PolicyName, seed = 7): SimulationResult {
  return new Simulation(scenario, policy, seed).run();
}

class Simulation {
  private readonly scenario: Scenario;
  private readonly policy: PolicyName;
  private readonly draw: () => number;
  private readonly clock = new VirtualClock();
  private readonly start = this.clock.now;
  private readonly targets: Simulated[];
  private readonly health: TargetHealth;
  private readonly waits: number[] = [];
  private readonly firstAtA: boolean[] = [];
  private answered = 0;
  private answeredFirst = 0;
  private cost = 0;

  constructor(scenario: Scenario, policy: PolicyName, seed: number) {
    this.scenario = scenario;
    this.policy = policy;
    this.draw = seeded(seed);
    this.targets = scenario.targets.map((target, slot) => ({ ...target, slot, restsUntil: 0 }));
    this.health = new TargetHealth(TargetHealth.createMemory(this.targets.length + 1));
  }

  run(): SimulationResult {
    const requests = this.scenario.seconds * REQUESTS_PER_SECOND;
    for (let at = 0; at < requests; at += 1) this.clock.after((at * 1000) / REQUESTS_PER_SECOND, () => this.arrive());
    this.clock.runAll();
    return {
      scenario: this.scenario.name,
      policy: this.policy,
      requests,
      success: this.answered / requests,
      firstTry: this.answeredFirst / requests,
      p99Ms: Math.round(this.waits.toSorted((one, other) => one - other)[Math.floor(this.waits.length * 0.99)] ?? 0),
      cost: (this.cost / requests) * 1000,
      shiftSeconds: this.timeTo(this.scenario.trouble?.from ?? null, (share) => share < 0.1),
      recoverSeconds: this.timeTo(this.scenario.trouble?.until ?? null, (share) => share >= 0.375),
    };
  }

  private arrive(): void {
    const order = this.queue();
    this.firstAtA.push(order[0]?.name === "a");
    this.attempt(order, 0, this.clock.now);
  }

  /** As the gateway does: the policy's order, with what rests or is open behind the rest. */
  private queue(): Simulated[] {
    const candidates: (Candidate & { target: Simulated })[] = this.targets.map((target) => ({
      target,
      weight: target.weight,
      id: target.name,
      price: target.cost,
      score: null,
      reading: this.health.read(target.slot, this.clock.now),
    }));
    const turn = (): number => this.health.turn(this.targets.length);
    const input = { draw: this.draw, isStream: true, turn, affinity: () => String(this.draw()) };
    const ranked = POLICIES[this.policy](candidates, input).map(({ target }) => target);
    const waiting = new Set<Simulated>();
    for (const target of ranked) {
      if (waiting.size < ranked.length - 1 && this.mustWait(target)) waiting.add(target);
      else break;
    }
    return [...ranked.filter((target) => !waiting.has(target)), ...waiting];
  }

  private mustWait(target: Simulated): boolean {
    return target.restsUntil > this.clock.now || !this.health.mayCall(target.slot, this.clock.now);
  }

  private attempt(order: readonly Simulated[], at: number, arrived: number): void {
    const target = order[at];
    if (target === undefined) return;
    const { slot } = target;
    const begunClosed = this.health.begin(slot);
    const { errors, cuts, limited, isSilent, firstContentMs } = target.behaviour(this.seconds());
    const next = (): void => this.attempt(order, at + 1, arrived);
    const luck = this.draw();
    if (isSilent) return this.clock.after(FIRST_BYTE_TIMEOUT_MS, () => this.failed(slot, FIRST_BYTE_TIMEOUT_MS, next));
    if (luck < limited) return this.clock.after(20, () => this.refused(target, next));
    if (luck < limited + errors) return this.clock.after(20, () => this.failed(slot, 20, next));
    const wait = firstContentMs * (0.7 + 0.6 * this.draw());
    if (wait > FIRST_BYTE_TIMEOUT_MS) {
      return this.clock.after(FIRST_BYTE_TIMEOUT_MS, () => this.failed(slot, FIRST_BYTE_TIMEOUT_MS, next));
    }
    this.clock.after(wait, () => {
      this.health.firstContent(slot, wait, this.clock.now);
      this.waits.push(this.clock.now - arrived);
      this.cost += target.cost;
      const isCut = luck < limited + errors + cuts;
      this.clock.after(TOKENS * TOKEN_MS, () => this.streamed(slot, begunClosed, isCut, at === 0));
    });
  }

  private failed(slot: number, took: number, next: () => void): void {
    this.health.fail(slot, took, true, this.clock.now);
    next();
  }

  private refused(target: Simulated, next: () => void): void {
    this.health.limit(target.slot, RETRY_AFTER_MS, this.clock.now);
    target.restsUntil = this.clock.now + RETRY_AFTER_MS;
    next();
  }

  private streamed(slot: number, begunClosed: boolean, isCut: boolean, isFirst: boolean): void {
    if (isCut) return this.health.fail(slot, TOKENS * TOKEN_MS, true, this.clock.now);
    const result = { whole: null, perToken: TOKEN_MS, outputTokens: TOKENS };
    this.health.succeed(slot, begunClosed, result, this.clock.now);
    this.answered += 1;
    if (isFirst) this.answeredFirst += 1;
  }

  private seconds(): number {
    return (this.clock.now - this.start) / 1000;
  }

  /** Seconds from `from` until the share of `a` over two seconds is such. */
  private timeTo(from: number | null, holds: (share: number) => boolean): number | null {
    if (from === null) return null;
    const width = 2 * REQUESTS_PER_SECOND;
    for (let at = from * REQUESTS_PER_SECOND; at + width <= this.firstAtA.length; at += REQUESTS_PER_SECOND / 2) {
      const part = this.firstAtA.slice(at, at + width);
      if (holds(part.filter(Boolean).length / width)) return at / REQUESTS_PER_SECOND - from;
    }
    return null;
  }
}
