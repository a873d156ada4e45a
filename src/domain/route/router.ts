import type { GatewayError } from "../../canonical/errors.ts";
import type { RuleFault } from "../../canonical/record.ts";
import type { TraceStep } from "../../canonical/trace.ts";
import { classesRead } from "./classes-read.ts";
import { followRules } from "./chain.ts";
import type { AttemptData, GroupPolicy, RouteData, Target, WeightedTarget } from "./data.ts";
import { Evaluation } from "./evaluation.ts";
import { Experiments, type Assignment, type ExperimentInput } from "./experiments.ts";
import { ModelResolver, type Asking, type Choices, type Resolution } from "./resolve.ts";
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
  refuse(target: Target): string | null;
}

/** Where to send a request, in the order to try, and how that came about. */
export interface Route {
  targets: Target[];
  /** Targets that exist but that this caller may not use. */
  refused: { target: Target; reason: string }[];
  trace: TraceStep[];
  attempts: AttemptData;
  /** Rules and conditions that failed. */
  faults: RuleFault[];
  /** A rule refuses the request: then there are no targets. */
  refusal: GatewayError | null;
  /** The alias that was asked for, when it has no target under these conditions. */
  emptyAlias: string | null;
  /** The arm of the experiment that it takes part in; null: none. */
  experiment: Assignment | null;
}

/** What the targets of a request are made of. */
interface Decision {
  targets: Target[];
  fallbacks: readonly (string | WeightedTarget)[];
  /** Whether the request itself names the fallbacks. */
  isAsked: boolean;
}

/** One decision under way. */
interface Inquiry extends Asking {
  input: RouteInput;
  /** What the model that was asked for stands for. */
  own: Resolution;
  /** The arm of the experiment that it takes part in; null: none. */
  experiment?: Assignment | null;
}

/** Of places that a request names itself. */
const BY_WEIGHT: GroupPolicy = { name: "weighted", slot: 0 };

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

  /** Decides. Calls nobody; the only chance in it is `input.order`. */
  route(input: RouteInput): Route {
    const trace: TraceStep[] = [];
    const evaluation = new Evaluation(input.variables, trace);
    const route: Route = {
      targets: [],
      refused: [],
      trace,
      faults: evaluation.faults,
      refusal: null,
      emptyAlias: null,
      experiment: null,
      attempts: this.attempts,
    };
    const { rule, refusal } = followRules(this.rules, input.scopes, evaluation);
    route.refusal = refusal;
    if (refusal !== null) return route;
    const inquiry: Inquiry = { input, evaluation, own: this.resolver.asked(input.model, { input, evaluation }) };
    const { alias, targets } = inquiry.own;
    if (alias !== null) trace.push({ step: "alias", result: alias });
    if (alias !== null && targets.length === 0) route.emptyAlias = alias;
    if (rule?.data.attempts !== undefined || inquiry.own.attempts !== undefined)
      route.attempts = { ...this.attempts, ...inquiry.own.attempts, ...rule?.data.attempts };
    if (rule === undefined) route.experiment = this.assign(input, trace);
    const decision = this.decide(rule, inquiry, armOf(route));
    for (const target of decision.targets) this.admit(target, input, route);
    for (const fallback of decision.fallbacks) this.addFallback(fallback, decision.isAsked, inquiry, route);
    return route;
  }

  private decide(rule: CompiledRule | undefined, inquiry: Inquiry, arm: Assignment["arm"] | undefined): Decision {
    const { input, own } = inquiry;
    const group = rule?.data ?? arm;
    const choices = group?.targets ?? input.targets;
    const isAsked = group === undefined;
    if (choices === null && own.isHidden === true) return { targets: [], fallbacks: [], isAsked };
    const targets = choices === null ? own.targets : this.targetsOf(choices, isAsked, inquiry, group?.policy);
    if (rule?.data.isConfined === true) return { targets, ...confined(rule, inquiry) };
    if (input.fallbacks !== null) return { targets, fallbacks: input.fallbacks, isAsked: true };
    const stated = group !== undefined && group.fallbacks.length > 0 ? group.fallbacks : own.fallbacks;
    return { targets, fallbacks: stated.length > 0 ? stated : this.fallbacks, isAsked: false };
  }

  /** A request that names its places itself takes part in no experiment. */
  private assign(input: RouteInput, trace: TraceStep[]): Assignment | null {
    if (this.experiments.isEmpty || input.targets !== null) return null;
    return this.experiments.assign(input, trace);
  }

  /** `isAsked`: the request itself names them, in its caller's words. */
  private targetsOf(
    stated: readonly WeightedTarget[],
    isAsked: boolean,
    inquiry: Inquiry,
    policy = BY_WEIGHT,
  ): Target[] {
    const choices = stated.map((target) => ({ weight: target.weight, targets: this.expand(target, isAsked, inquiry) }));
    return inquiry.input.order(choices, policy).flatMap(({ targets }) => targets);
  }

  private expand(choice: WeightedTarget, isAsked: boolean, inquiry: Inquiry): Target[] {
    const { input, own } = inquiry;
    const asked = this.resolver.split(input.model);
    const key = choice.key === undefined ? {} : { key: choice.key };
    const model = choice.model ?? asked.model;
    if (choice.provider !== undefined) {
      const target = { provider: choice.provider, model, ...key };
      const isCallers = isAsked || (choice.model === undefined && own.alias === null);
      return isCallers && this.resolver.hides(target, input.scopes) ? [] : [target];
    }
    if (choice.model === undefined) return own.targets.map((target) => ({ ...target, ...key }));
    const name = asked.provider !== null && !choice.model.includes("/") ? `${asked.provider}/${model}` : model;
    const found = this.resolver.alias(model, input.scopes) === undefined ? name : model;
    const { targets } = this.read(found, isAsked, inquiry);
    return targets.map((target) => ({ ...target, ...key }));
  }

  private read(model: string, isAsked: boolean, inquiry: Inquiry): Resolution {
    return isAsked ? this.resolver.asked(model, inquiry) : this.resolver.resolve(model, inquiry);
  }

  private addFallback(fallback: string | WeightedTarget, isAsked: boolean, inquiry: Inquiry, route: Route): void {
    const { input } = inquiry;
    const targets =
      typeof fallback === "string"
        ? this.read(fallback, isAsked, inquiry).targets
        : this.targetsOf([fallback], isAsked, inquiry);
    const first = targets.find((target) => input.refuse(target) === null) ?? targets[0];
    const name = typeof fallback === "string" ? fallback : (fallback.model ?? input.model);
    if (first === undefined) route.trace.push({ step: "left_out", result: `${name}: no provider has it` });
    else this.admit(first, input, route);
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

/** An arm without targets leaves the request where it is. */
function armOf({ experiment }: Route): Assignment["arm"] | undefined {
  const arm = experiment?.arm;
  return arm !== undefined && arm.targets.length > 0 ? arm : undefined;
}

function isSame(one: Target, other: Target): boolean {
  return one.provider === other.provider && one.model === other.model && one.key === other.key;
}

/** The fallbacks of a rule that lets its calls go nowhere else. */
function confined({ data }: CompiledRule, { input, evaluation }: Inquiry): Omit<Decision, "targets"> {
  const ignored = input.fallbacks === null ? "" : ": fallbacks of the request are ignored";
  evaluation.trace.push({ step: "confined", result: `${data.name}${ignored}` });
  return { fallbacks: data.fallbacks, isAsked: false };
}
