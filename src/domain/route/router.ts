import type { GatewayError } from "../../canonical/errors.ts";
import type { LeftOutReason } from "../../canonical/names.ts";
import type { RuleFault } from "../../canonical/record.ts";
import type { TraceStep } from "../../canonical/trace.ts";
import { classesRead } from "./classes-read.ts";
import { followRules } from "./chain.ts";
import type {
  AttemptData,
  Candidate,
  CandidateGroup,
  Choice,
  GroupPolicy,
  RouteData,
  RuleData,
  Target,
  WeightedTarget,
} from "./data.ts";
import { Evaluation } from "./evaluation.ts";
import { Experiments, type Assignment, type ExperimentInput } from "./experiments.ts";
import { choice, ModelResolver, type Asking, type Choices, type Resolution } from "./resolve.ts";
import { compileRules, type CompiledRule, type RuleSet } from "./rules.ts";
import type { RuleVariables } from "./variables.ts";

/** What the router needs to know of one request. */
export interface RouteInput extends Choices, Pick<ExperimentInput, "unitOf"> {
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
  attempts: AttemptData;
  /** Rules and conditions, those of experiments too, that failed. */
  faults: RuleFault[];
  /** A rule refuses the request: then there are no targets. */
  refusal: GatewayError | null;
  /** The alias that was asked for, when it has no target under these conditions. */
  emptyAlias: string | null;
  /** The arm of the experiment that it takes part in; null: none. */
  experiment: Assignment | null;
}

/** What a request falls back to. */
interface Chain {
  fallbacks: readonly (string | WeightedTarget)[];
  /** Whether the request itself names the fallbacks. */
  isAsked: boolean;
}

/** One decision under way. */
interface Inquiry extends Asking {
  input: RouteInput;
  /** What the model that was asked for stands for. */
  own: Resolution;
}

/** What names the first targets of a request in place of its model string. */
interface Group {
  source: CandidateGroup;
  targets: readonly WeightedTarget[];
  policy: GroupPolicy;
  fallbacks: readonly string[];
}

/** Of places that a request names itself. */
const BY_WEIGHT: GroupPolicy = { name: "weighted", slot: 0 };
const NO_ALIASES: readonly string[] = [];
/** Of targets that the request's own model string names. */
export const OWN_MODEL: CandidateGroup = { from: "model", name: null, policy: null };

/** The compiled routing of one snapshot. */
export class Router {
  readonly resolver: ModelResolver;
  private readonly rules: RuleSet;
  private readonly fallbacks: readonly string[];
  private readonly attempts: AttemptData;
  private readonly experiments: Experiments;

  /** Throws when a rule does not compile. */
  constructor(data: RouteData) {
    this.resolver = new ModelResolver(data);
    this.rules = compileRules(data.rules);
    this.fallbacks = data.fallbacks;
    this.experiments = new Experiments(data.experiments ?? []);
    this.attempts = data.attempts ?? {};
  }

  /** Whether some rule of these scopes refuses calls or confines them: no call may pass by the rules then. */
  binds(scopes: readonly string[]): boolean {
    return this.rules.binds(scopes);
  }

  /** Which classifiers the conditions of each scope read, see `classesRead`. */
  classesRead(): Map<string, ReadonlySet<string> | null> {
    return classesRead([...this.rules.programs(), ...this.experiments.programs(), ...this.resolver.programs()]);
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

  /** Decides. Calls nobody; the only chance in it is `input.order`. */
  route(input: RouteInput): Route {
    const trace: TraceStep[] = [];
    const evaluation = new Evaluation(input.variables, trace);
    const { rule, refusal, stops } = followRules(this.rules, input.scopes, evaluation);
    const route = this.begin(evaluation, stops, refusal);
    if (refusal !== null) return route;
    const own = this.resolver.asked(input.model, { input, evaluation });
    const { alias, targets } = own;
    route.aliases = own.via;
    if (alias !== null) trace.push({ step: "alias", result: alias });
    if (alias !== null && targets.length === 0) route.emptyAlias = alias;
    if (rule?.data.attempts !== undefined || own.attempts !== undefined)
      route.attempts = { ...this.attempts, ...own.attempts, ...rule?.data.attempts };
    if (rule === undefined) route.experiment = this.assign(input, evaluation);
    const inquiry: Inquiry = { input, evaluation, own };
    const { fallbacks, isAsked } = this.decide(rule, inquiry, route);
    for (const fallback of fallbacks) this.addFallback(fallback, isAsked, inquiry, route);
    return route;
  }

  private begin({ trace, faults }: Evaluation, stops: Route["stops"], refusal: GatewayError | null): Route {
    return {
      targets: [],
      refused: [],
      trace,
      candidates: [],
      stops,
      aliases: NO_ALIASES,
      attempts: this.attempts,
      faults,
      refusal,
      emptyAlias: null,
      experiment: null,
    };
  }

  /** Adds the targets of the first choice; returns what they fall back to. */
  private decide(rule: CompiledRule | undefined, inquiry: Inquiry, route: Route): Chain {
    const { input, own } = inquiry;
    const group = rule === undefined ? armOf(route) : ruleGroup(rule);
    const isAsked = group === undefined;
    if (group !== undefined) this.admitGroup(group, isAsked, inquiry, route);
    else if (input.targets !== null) this.admitGroup(askedGroup(input.targets), isAsked, inquiry, route);
    else if (own.isHidden === true) return { fallbacks: [], isAsked };
    else this.admitOwn(own, input, route);
    if (rule?.data.isConfined === true) return confined(rule, inquiry);
    if (input.fallbacks !== null) return { fallbacks: input.fallbacks, isAsked: true };
    const stated = group !== undefined && group.fallbacks.length > 0 ? group.fallbacks : own.fallbacks;
    return { fallbacks: stated.length > 0 ? stated : this.fallbacks, isAsked: false };
  }

  private admitGroup({ targets, policy, source }: Group, isAsked: boolean, inquiry: Inquiry, route: Route): void {
    this.admitRanked(this.rank(targets, isAsked, inquiry, policy), source, inquiry.input, route);
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

  /** A request that names its places itself takes part in no experiment. */
  private assign(input: RouteInput, evaluation: Evaluation): Assignment | null {
    if (this.experiments.isEmpty || input.targets !== null) return null;
    return this.experiments.assign(input, evaluation);
  }

  /** `isAsked`: the request itself names them, in its caller's words. */
  private rank(
    stated: readonly WeightedTarget[],
    isAsked: boolean,
    inquiry: Inquiry,
    policy: GroupPolicy,
  ): readonly Choice[] {
    const choices = stated.map((target) => this.choiceOf(target, isAsked, inquiry));
    return inquiry.input.order(choices, policy);
  }

  private choiceOf(stated: WeightedTarget, isAsked: boolean, inquiry: Inquiry): Choice {
    const { input, own } = inquiry;
    const { weight } = stated;
    const asked = this.resolver.split(input.model);
    const key = stated.key === undefined ? {} : { key: stated.key };
    const model = stated.model ?? asked.model;
    if (stated.provider !== undefined) {
      const target = { ...this.resolver.placeOf(stated.provider, model), ...key };
      const isCallers = isAsked || (stated.model === undefined && own.alias === null);
      return choice(weight, isCallers && this.resolver.hides(target, input.scopes) ? [] : [target]);
    }
    if (stated.model === undefined) return choice(weight, keyed(own.targets, key), own.via);
    const name = asked.provider !== null && !stated.model.includes("/") ? `${asked.provider}/${model}` : model;
    const found = this.resolver.alias(model, input.scopes) === undefined ? name : model;
    const { targets, via } = this.read(found, isAsked, inquiry);
    return choice(weight, keyed(targets, key), via);
  }

  private read(model: string, isAsked: boolean, inquiry: Inquiry): Resolution {
    return isAsked ? this.resolver.asked(model, inquiry) : this.resolver.resolve(model, inquiry);
  }

  private addFallback(fallback: string | WeightedTarget, isAsked: boolean, inquiry: Inquiry, route: Route): void {
    const { input } = inquiry;
    const targets =
      typeof fallback === "string"
        ? this.read(fallback, isAsked, inquiry).targets
        : this.rank([fallback], isAsked, inquiry, BY_WEIGHT).flatMap((each) => each.targets);
    const first = targets.find((target) => input.refuse(target) === null) ?? targets[0];
    const name = typeof fallback === "string" ? fallback : (fallback.model ?? input.model);
    if (first === undefined) route.trace.push({ step: "left_out", result: `${name}: no provider has it` });
    else this.admit(first, { from: "fallback", name, policy: null }, null, input, route);
  }

  private admit(target: Target, group: CandidateGroup, stands: Choice | null, input: RouteInput, route: Route): void {
    for (const known of route.targets) if (isSame(known, target)) return;
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

function ruleGroup({ data }: CompiledRule): Group {
  const { name, targets, policy, fallbacks } = data;
  return { source: { from: "rule", name, policy: policy.name }, targets, policy, fallbacks };
}

/** An arm without targets leaves the request where it is. */
function armOf({ experiment }: Route): Group | undefined {
  if (experiment === null || experiment.arm.targets.length === 0) return undefined;
  const { targets, policy, fallbacks } = experiment.arm;
  return {
    source: { from: "experiment", name: experiment.experiment, policy: policy.name },
    targets,
    policy,
    fallbacks,
  };
}

function askedGroup(targets: readonly WeightedTarget[]): Group {
  return { source: { from: "request", name: null, policy: BY_WEIGHT.name }, targets, policy: BY_WEIGHT, fallbacks: [] };
}

function keyed(targets: readonly Target[], key: { key?: string }): readonly Target[] {
  return key.key === undefined ? targets : targets.map((target) => ({ ...target, ...key }));
}

function isSame(one: Target, other: Target): boolean {
  return one.provider === other.provider && one.model === other.model && one.key === other.key;
}

/** The fallbacks of a rule that lets its calls go nowhere else. */
function confined({ data }: CompiledRule, { input, evaluation }: Inquiry): Chain {
  const ignored = input.fallbacks === null ? "" : ": fallbacks of the request are ignored";
  evaluation.trace.push({ step: "confined", result: `${data.name}${ignored}` });
  return { fallbacks: data.fallbacks, isAsked: false };
}
