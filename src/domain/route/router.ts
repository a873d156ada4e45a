import type { LeftOutReason } from "../../canonical/names.ts";
import type { TraceStep } from "../../canonical/trace.ts";
import type {
  Candidate,
  CandidateGroup,
  Choice,
  GroupPolicy,
  RouteData,
  RuleData,
  Target,
  WeightedTarget,
} from "./data.ts";
import { choice, ModelResolver, type Choices, type Resolution } from "./resolve.ts";
import { compileRules, type CompiledRule, type RuleSet } from "./rules.ts";
import type { RuleVariables } from "./variables.ts";

/** What the router needs to know of one request. */
export interface RouteInput extends Choices {
  /** As the caller wrote it. */
  model: string;
  /** The caller's scopes, nearest first: `virtual_key:…`, `team:…`, `customer:…`, `global`. */
  scopes: readonly string[];
  variables: RuleVariables;
  /** Places that the request itself names in place of its model; null when it names none. A rule stands above them. */
  targets: readonly WeightedTarget[] | null;
  /** Fallbacks that the request itself asks for; null when it names none. */
  fallbacks: readonly (string | WeightedTarget)[] | null;
  /** Why the caller may not use a target, or null when it may. */
  refuse(target: Target): LeftOutReason | null;
}

/** Where to send a request, in the order to try, and how that came about. */
export interface Route {
  targets: Target[];
  /** Targets that exist but that this caller may not use. */
  refused: { target: Target; reason: LeftOutReason }[];
  trace: TraceStep[];
  /** All targets that were looked at, in order. */
  candidates: Candidate[];
  /** The rule that each round of looking at rules ended with; null: none held. */
  stops: (RuleData | null)[];
  /** The alias that was asked for, and those that it led to for its first target. */
  aliases: readonly string[];
}

const MAX_CHAIN = 8;
/** Of places that a request names itself. */
const BY_WEIGHT: GroupPolicy = { name: "weighted", slot: 0 };
/** Of targets that the request's own model string names. */
export const OWN_MODEL: CandidateGroup = { from: "model", name: null, policy: null };

/** The compiled routing of one snapshot. */
export class Router {
  readonly resolver: ModelResolver;
  private readonly rules: RuleSet;
  private readonly fallbacks: readonly string[];

  /** Throws when a rule does not compile. */
  constructor(data: RouteData) {
    this.resolver = new ModelResolver(data);
    this.rules = compileRules(data.rules);
    this.fallbacks = data.fallbacks;
  }

  /** Decides. Calls nobody; the only chance in it is `input.order`. */
  route(input: RouteInput): Route {
    const route: Route = { targets: [], refused: [], trace: [], candidates: [], stops: [], aliases: [] };
    for (const fallback of this.decide(input, route)) this.addFallback(fallback, input, route);
    return route;
  }

  /** The rules that are looked at before `stop`, and did not hold, those that failed among them; all, where none held. */
  rulesBefore(scopes: readonly string[], stop: RuleData | null): Iterable<RuleData> {
    return this.rules.before(scopes, stop);
  }

  /** How many those are, in all rounds of a route. */
  countNotMatched(scopes: readonly string[], stops: readonly (RuleData | null)[]): number {
    let count = 0;
    for (const stop of stops) count += this.rules.countBefore(scopes, stop);
    return count;
  }

  /** Adds the targets of the first choice; returns the fallbacks. */
  private decide(input: RouteInput, route: Route): readonly (string | WeightedTarget)[] {
    const rule = this.match(input, route);
    const own = this.resolver.resolve(input.model, input.scopes, input);
    route.aliases = own.via;
    if (own.alias !== null) route.trace.push({ step: "alias", result: own.alias });
    const choices = rule?.data.targets ?? input.targets;
    if (choices === null) this.admitOwn(own, input, route);
    else {
      const policy = rule?.data.policy ?? BY_WEIGHT;
      const name = rule?.data.name ?? null;
      const group: CandidateGroup = { from: rule === undefined ? "request" : "rule", name, policy: policy.name };
      this.admitRanked(this.rank(choices, input, own, policy), group, input, route);
    }
    const stated = rule !== undefined && rule.data.fallbacks.length > 0 ? rule.data.fallbacks : own.fallbacks;
    return input.fallbacks ?? (stated.length > 0 ? stated : this.fallbacks);
  }

  /** Adds what the request's own model string stands for. */
  private admitOwn(own: Resolution, input: RouteInput, route: Route): void {
    const { alias, policy, ranked, targets } = own;
    if (ranked !== null) return this.admitRanked(ranked, { from: "alias", name: alias, policy }, input, route);
    for (const target of targets) this.admit(target, OWN_MODEL, null, input, route);
  }

  private admitRanked(ranked: readonly Choice[], group: CandidateGroup, input: RouteInput, route: Route): void {
    for (const each of ranked) for (const target of each.targets) this.admit(target, group, each, input, route);
  }

  /** The rule that decides: the first that matches, or the last of a chain of matches. */
  private match(input: RouteInput, { trace, stops }: Route): CompiledRule | undefined {
    const seen = new Set<CompiledRule>();
    let found: CompiledRule | undefined;
    for (let step = 0; step < MAX_CHAIN; step += 1) {
      const rule = this.rules.firstMatch(input.scopes, input.variables, trace);
      stops.push(rule?.data ?? null);
      if (rule === undefined) return found;
      if (seen.has(rule)) {
        trace.push({ step: "rule", result: rule.data.name, scope: rule.data.scope, outcome: "chain_loop" });
        return found;
      }
      seen.add(rule);
      found = rule;
      if (!rule.data.chainRule) return found;
      this.follow(rule, input);
    }
    return found;
  }

  /** Lets the next round of a chain see the provider and model that the rule chose. */
  private follow(rule: CompiledRule, input: RouteInput): void {
    const target = rule.data.targets[0];
    if (target?.provider !== undefined) input.variables.provider = target.provider;
    if (target?.model !== undefined) input.variables.model = target.model;
  }

  private rank(
    stated: readonly WeightedTarget[],
    input: RouteInput,
    own: Resolution,
    policy: GroupPolicy,
  ): readonly Choice[] {
    return input.order(
      stated.map((target) => this.choiceOf(target, input, own)),
      policy,
    );
  }

  private choiceOf(stated: WeightedTarget, input: RouteInput, own: Resolution): Choice {
    const asked = this.resolver.split(input.model);
    const key = stated.key === undefined ? {} : { key: stated.key };
    const model = stated.model ?? asked.model;
    if (stated.provider !== undefined) return choice(stated.weight, [{ provider: stated.provider, model, ...key }]);
    if (stated.model === undefined) return choice(stated.weight, keyed(own.targets, key), own.via);
    const name = asked.provider !== null && !stated.model.includes("/") ? `${asked.provider}/${model}` : model;
    const found = this.resolver.alias(model, input.scopes) === undefined ? name : model;
    const { targets, via } = this.resolver.resolve(found, input.scopes, input);
    return choice(stated.weight, keyed(targets, key), via);
  }

  private addFallback(fallback: string | WeightedTarget, input: RouteInput, route: Route): void {
    const targets = this.fallbackTargets(fallback, input);
    const first = targets.find((target) => input.refuse(target) === null) ?? targets[0];
    const name = typeof fallback === "string" ? fallback : (fallback.model ?? input.model);
    if (first === undefined) route.trace.push({ step: "left_out", result: `${name}: no provider has it` });
    else this.admit(first, { from: "fallback", name, policy: null }, null, input, route);
  }

  private fallbackTargets(fallback: string | WeightedTarget, input: RouteInput): readonly Target[] {
    const own = (model: string): Resolution => this.resolver.resolve(model, input.scopes, input);
    if (typeof fallback === "string") return own(fallback).targets;
    return this.rank([fallback], input, own(input.model), BY_WEIGHT).flatMap(({ targets }) => targets);
  }

  private admit(target: Target, group: CandidateGroup, stands: Choice | null, input: RouteInput, route: Route): void {
    if (route.targets.some((known) => isSame(known, target))) return;
    const reason = input.refuse(target);
    route.candidates.push({ target, group, choice: stands, reason });
    if (reason === null) {
      route.targets.push(target);
      return;
    }
    route.refused.push({ target, reason });
    route.trace.push({ step: "left_out", result: reason, target });
  }
}

function keyed(targets: readonly Target[], key: { key?: string }): readonly Target[] {
  return key.key === undefined ? targets : targets.map((target) => ({ ...target, ...key }));
}

function isSame(one: Target, other: Target): boolean {
  return one.provider === other.provider && one.model === other.model && one.key === other.key;
}
