import { GatewayError } from "../../canonical/errors.ts";
import { isJobOperation, LEFT_OUT_REASONS, type LeftOutReason } from "../../canonical/names.ts";
import type { Choice, ExperimentUnit, GroupPolicy, Target } from "../../domain/route/data.ts";
import type { Route, RouteInput } from "../../domain/route/router.ts";
import type { RequestContext, Stage } from "../context.ts";
import { intendedModel, intentRefusal, orderByIntent, routeTargets, weightedTargets } from "../apply-intent.ts";
import { classifyFirst } from "../classify/classify-first.ts";
import { experimentUnit } from "../experiment-unit.ts";
import { grantedProviders, type Granted } from "../granted-providers.ts";
import { withoutUsedUp } from "../grant-limits.ts";
import { openJob } from "../job-seal.ts";
import { rankChoices } from "../rank-targets.ts";
import { stickChoice, stickProvider } from "../sticky/stick-choice.ts";
import { traceSticky } from "../sticky/sticky-session.ts";
import { takeSortSuffix } from "../take-intent.ts";
import { ContextVariables } from "../rule-variables.ts";
import { noteBehind } from "../target-turn.ts";

/** Decides where the request goes: aliases, rules, the caller's provider weights, fallbacks. */
export const route: Stage = {
  name: "route",
  admit(context: RequestContext): void | Promise<void> {
    const { call } = context;
    if (call.job !== undefined) return routeToJob(context, call.job);
    const asked = intendedModel(context, takeSortSuffix(call.model, context));
    const { isIdle } = context.snapshot.classify;
    const waiting = isIdle ? null : classifyFirst(context, () => rehearse(context, asked));
    if (waiting !== null) return waiting.then(() => decide(context, asked));
    decide(context, asked);
  },
};

/** Decides at once: classifiers that would have to be asked first find their defaults. */
export function routeNow(context: RequestContext): void {
  const { call } = context;
  if (call.job !== undefined) return routeToJob(context, call.job);
  decide(context, intendedModel(context, takeSortSuffix(call.model, context)));
}

function decide(context: RequestContext, asked: string): void {
  const { intent, snapshot } = context;
  const question = new Question(context, asked, variablesOf(context, asked));
  const decided = snapshot.router.route(question);
  context.trace = context.trace.length === 0 ? decided.trace : [...context.trace, ...decided.trace];
  context.decided = decided;
  context.experiment = decided.experiment;
  context.attemptData = decided.attempts;
  context.ruleFaults = decided.faults;
  if (decided.refusal !== null) throw decided.refusal;
  traceSticky(context);
  question.noteBehind();
  const ordered = intent === null ? decided.targets : orderByIntent(context, intent, decided.targets);
  context.targets = withoutUsedUp(context, ordered);
  if (decided.targets.length === 0) throw noTarget(context, decided);
}

function variablesOf(context: RequestContext, asked: string): ContextVariables {
  const { provider, model } = context.snapshot.router.resolver.split(asked);
  return new ContextVariables(context, model, provider ?? "");
}

/** Decides without consequences: what it reads on the way is what matters. */
function rehearse(context: RequestContext, asked: string): void {
  context.snapshot.router.route(new Rehearsal(context, asked, variablesOf(context, asked)));
}

/** What is asked of a job goes to where it runs, if the caller may still go there. */
function routeToJob(context: RequestContext, sealed: string): void {
  const { target, id, begunAt } = openJob(context, sealed);
  const reason = refusalOf(context, target);
  if (reason !== null) throw noTarget(context, { refused: [{ target, reason }], emptyAlias: null });
  context.call.job = id;
  // A new version of a video is a job of its own.
  if (isJobOperation(context.arrival.operation)) context.call.jobBegunAt = begunAt;
  context.call.model = `${target.provider}/${target.model}`;
  context.targets = [target];
}

/** What the router is asked about one request. */
class Question implements RouteInput {
  readonly model: string;
  readonly scopes: readonly string[];
  readonly variables: ContextVariables;
  readonly targets: RouteInput["targets"];
  readonly fallbacks: RouteInput["fallbacks"];
  protected readonly context: RequestContext;
  private behind: Granted["behind"] = [];

  constructor(context: RequestContext, model: string, variables: ContextVariables) {
    const { intent, snapshot } = context;
    this.context = context;
    this.model = model;
    this.scopes = context.scopes;
    this.variables = variables;
    this.targets = intent === null || intent.targets.length === 0 ? null : weightedTargets(snapshot, intent.targets);
    this.fallbacks = intent?.fallbacks ? routeTargets(snapshot, intent.fallbacks) : null;
  }

  providersOf(model: string): readonly string[] {
    const { providers, behind } = grantedProviders(this.context, model);
    if (behind.length > 0) this.behind = [...this.behind, ...behind];
    return stickProvider(this.context, model, providers);
  }

  /** Tells in the trace which providers of a bare model stand behind others. */
  noteBehind(): void {
    for (const { target, reason } of this.behind) noteBehind(this.context, target, reason);
  }

  order(choices: readonly Choice[], policy: GroupPolicy): readonly Choice[] {
    return stickChoice(this.context, rankChoices(this.context, choices, policy), policy);
  }

  refuse(target: Target): LeftOutReason | null {
    return refusalOf(this.context, target);
  }

  unitOf(unit: ExperimentUnit): string {
    return experimentUnit(this.context, unit);
  }
}

/** The same, where no choice takes a turn, is drawn or stays at a target. */
class Rehearsal extends Question {
  override providersOf(model: string): readonly string[] {
    return grantedProviders(this.context, model).providers;
  }

  override order(choices: readonly Choice[]): readonly Choice[] {
    return choices;
  }
}

function refusalOf(context: RequestContext, target: Target): LeftOutReason | null {
  if (!context.snapshot.providers.has(target.provider)) return "not_configured";
  const { caller, intent } = context;
  const unwanted = intent === null ? null : intentRefusal(context, intent, target);
  if (unwanted !== null || caller === null) return unwanted;
  const grant = caller.grants.get(target.provider);
  if (grant === undefined) return "provider_not_allowed";
  return grant.allowed.test(target.model) ? null : "model_not_allowed";
}

function noTarget(context: RequestContext, decided: Pick<Route, "refused" | "emptyAlias">): GatewayError {
  const { model } = context.call;
  const first = decided.refused[0];
  if (first === undefined && decided.emptyAlias !== null) {
    const text = `the alias ${quote(decided.emptyAlias)} has no target for this request: no condition of its targets holds`;
    return new GatewayError("model_not_found", text, { param: "model" });
  }
  if (first === undefined) {
    const text = `no provider is known to have model ${quote(model)}: write provider/model, declare it under the provider's models, or define an alias`;
    return new GatewayError("model_not_found", text, { param: "model" });
  }
  const { provider, model: name } = first.target;
  if (first.reason === "not_configured") {
    return new GatewayError("model_not_found", `provider ${quote(provider)} is not configured`, { param: "model" });
  }
  if (context.intent !== null && intentRefusal(context, context.intent, first.target) !== null) {
    const text = `no target is left: ${quote(`${provider}/${name}`)}: ${LEFT_OUT_REASONS[first.reason]}`;
    return new GatewayError("invalid_request", text, { param: "provider" });
  }
  const code = first.reason === "provider_not_allowed" ? "provider_not_allowed" : "model_not_allowed";
  return new GatewayError(code, `${quote(`${provider}/${name}`)}: ${LEFT_OUT_REASONS[first.reason]}`, {
    param: "model",
  });
}

function quote(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
