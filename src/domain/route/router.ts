import type { TraceStep } from "../../canonical/trace.ts";
import type { GroupPolicy, RouteData, Target, WeightedTarget } from "./data.ts";
import { ModelResolver, type Choices } from "./resolve.ts";
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
  refuse(target: Target): string | null;
}

/** Where to send a request, in the order to try, and how that came about. */
export interface Route {
  targets: Target[];
  /** Targets that exist but that this caller may not use. */
  refused: { target: Target; reason: string }[];
  trace: TraceStep[];
}

const MAX_CHAIN = 8;
/** Of places that a request names itself. */
const BY_WEIGHT: GroupPolicy = { name: "weighted", slot: 0 };

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

  /** Which classifiers the rules read, see `RuleSet`. */
  classesRead(): Map<string, ReadonlySet<string> | null> {
    return this.rules.classesRead();
  }

  /** Decides. Calls nobody; the only chance in it is `input.order`. */
  route(input: RouteInput): Route {
    const route: Route = { targets: [], refused: [], trace: [] };
    const decision = this.decide(input, route.trace);
    for (const target of decision.targets) this.admit(target, input, route);
    for (const fallback of decision.fallbacks) this.addFallback(fallback, input, route);
    return route;
  }

  private decide(
    input: RouteInput,
    trace: TraceStep[],
  ): {
    targets: Target[];
    fallbacks: readonly (string | WeightedTarget)[];
  } {
    const rule = this.match(input, trace);
    const own = this.resolver.resolve(input.model, input.scopes, input);
    if (own.alias !== null) trace.push({ step: "alias", result: own.alias });
    const choices = rule?.data.targets ?? input.targets;
    const targets = choices === null ? own.targets : this.targetsOf(choices, input, own.targets, rule?.data.policy);
    const stated = rule !== undefined && rule.data.fallbacks.length > 0 ? rule.data.fallbacks : own.fallbacks;
    return { targets, fallbacks: input.fallbacks ?? (stated.length > 0 ? stated : this.fallbacks) };
  }

  /** The rule that decides: the first that matches, or the last of a chain of matches. */
  private match(input: RouteInput, trace: TraceStep[]): CompiledRule | undefined {
    const seen = new Set<CompiledRule>();
    let found: CompiledRule | undefined;
    for (let step = 0; step < MAX_CHAIN; step += 1) {
      const rule = this.rules.firstMatch(input.scopes, input.variables, trace);
      if (rule === undefined) return found;
      if (seen.has(rule)) {
        trace.push({ step: "rule", result: `${rule.data.name}: chain comes back to it, stopped` });
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

  private targetsOf(
    stated: readonly WeightedTarget[],
    input: RouteInput,
    own: readonly Target[],
    policy = BY_WEIGHT,
  ): Target[] {
    const choices = stated.map((target) => ({ weight: target.weight, targets: this.expand(target, input, own) }));
    return input.order(choices, policy).flatMap(({ targets }) => targets);
  }

  private expand(choice: WeightedTarget, input: RouteInput, own: readonly Target[]): Target[] {
    const asked = this.resolver.split(input.model);
    const key = choice.key === undefined ? {} : { key: choice.key };
    const model = choice.model ?? asked.model;
    if (choice.provider !== undefined) return [{ provider: choice.provider, model, ...key }];
    if (choice.model === undefined) return own.map((target) => ({ ...target, ...key }));
    const name = asked.provider !== null && !choice.model.includes("/") ? `${asked.provider}/${model}` : model;
    const found = this.resolver.alias(model, input.scopes) === undefined ? name : model;
    const { targets } = this.resolver.resolve(found, input.scopes, input);
    return targets.map((target) => ({ ...target, ...key }));
  }

  private addFallback(fallback: string | WeightedTarget, input: RouteInput, route: Route): void {
    const targets = this.fallbackTargets(fallback, input);
    const first = targets.find((target) => input.refuse(target) === null) ?? targets[0];
    const name = typeof fallback === "string" ? fallback : (fallback.model ?? input.model);
    if (first === undefined) route.trace.push({ step: "left_out", result: `${name}: no provider has it` });
    else this.admit(first, input, route);
  }

  private fallbackTargets(fallback: string | WeightedTarget, input: RouteInput): readonly Target[] {
    if (typeof fallback === "string") return this.resolver.resolve(fallback, input.scopes, input).targets;
    const own = this.resolver.resolve(input.model, input.scopes, input).targets;
    return this.targetsOf([fallback], input, own);
  }

  private admit(target: Target, input: RouteInput, route: Route): void {
    if (route.targets.some((known) => isSame(known, target))) return;
    const reason = input.refuse(target);
    if (reason === null) {
      route.targets.push(target);
      return;
    }
    route.refused.push({ target, reason });
    route.trace.push({ step: "left_out", result: `${target.provider}/${target.model}: ${reason}` });
  }
}

function isSame(one: Target, other: Target): boolean {
  return one.provider === other.provider && one.model === other.model && one.key === other.key;
}
