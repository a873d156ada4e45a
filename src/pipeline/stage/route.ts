import { GatewayError } from "../../canonical/errors.ts";
import { isJobOperation } from "../../canonical/names.ts";
import { weightedOrder } from "../../domain/balance/weighted.ts";
import type { Choice, GroupPolicy, Target } from "../../domain/route/data.ts";
import type { Route, RouteInput } from "../../domain/route/router.ts";
import type { RequestContext, Stage } from "../context.ts";
import { intendedModel, intentRefusal, orderByIntent, routeTargets, weightedTargets } from "../apply-intent.ts";
import { classifyFirst } from "../classify/classify-first.ts";
import { openJob } from "../job-seal.ts";
import { rankChoices } from "../rank-targets.ts";
import { takeSortSuffix } from "../take-intent.ts";
import { ContextVariables } from "../rule-variables.ts";

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

function decide(context: RequestContext, asked: string): void {
  const { intent, snapshot } = context;
  const decided = snapshot.router.route(new Question(context, asked, variablesOf(context, asked)));
  context.trace = context.trace.length === 0 ? decided.trace : [...context.trace, ...decided.trace];
  context.targets = intent === null ? decided.targets : orderByIntent(context, intent, decided.targets);
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
  if (reason !== null) throw noTarget(context, { targets: [], trace: [], refused: [{ target, reason }] });
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
  private readonly context: RequestContext;

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
    return providersFor(this.context, model);
  }

  order(choices: readonly Choice[], policy: GroupPolicy): readonly Choice[] {
    return rankChoices(this.context, choices, policy);
  }

  refuse(target: Target): string | null {
    return refusalOf(this.context, target);
  }
}

/** The same, where no choice takes a turn or is drawn. */
class Rehearsal extends Question {
  override order(choices: readonly Choice[]): readonly Choice[] {
    return choices;
  }
}

/** Providers that serve a bare model name, for this caller: by the weights of its virtual key, else in the catalog's order. */
function providersFor(context: RequestContext, model: string): readonly string[] {
  const known = context.snapshot.models.providersOf(model);
  const grants = context.caller?.grants;
  if (grants === undefined) return known;
  const able = [...grants].filter(([name, grant]) => context.snapshot.providers.has(name) && grant.allowed.test(model));
  const having = able.filter(([name]) => known.includes(name));
  const usable = having.length > 0 || able.length !== 1 ? having : able;
  const candidates = usable.map(([name, grant]) => ({ name, weight: grant.weight }));
  const ordered = weightedOrder(candidates, context.runtime.draw).map(({ name }) => name);
  return ordered.length > 0 ? ordered : known;
}

function refusalOf(context: RequestContext, target: Target): string | null {
  if (!context.snapshot.providers.has(target.provider)) return "provider not configured";
  const { caller, intent } = context;
  const unwanted = intent === null ? null : intentRefusal(context, intent, target);
  if (unwanted !== null || caller === null) return unwanted;
  const grant = caller.grants.get(target.provider);
  if (grant === undefined) return "provider not allowed for this virtual key";
  return grant.allowed.test(target.model) ? null : "model not allowed for this virtual key";
}

function noTarget(context: RequestContext, decided: Route): GatewayError {
  const { model } = context.call;
  const first = decided.refused[0];
  if (first === undefined) {
    const text = `no provider is known to have model ${quote(model)}: write provider/model, declare it under the provider's models, or define an alias`;
    return new GatewayError("model_not_found", text, { param: "model" });
  }
  const { provider, model: name } = first.target;
  if (first.reason === "provider not configured") {
    return new GatewayError("model_not_found", `provider ${quote(provider)} is not configured`, { param: "model" });
  }
  if (context.intent !== null && intentRefusal(context, context.intent, first.target) !== null) {
    const text = `no target is left: ${quote(`${provider}/${name}`)}: ${first.reason}`;
    return new GatewayError("invalid_request", text, { param: "provider" });
  }
  const code = first.reason.startsWith("provider") ? "provider_not_allowed" : "model_not_allowed";
  return new GatewayError(code, `${quote(`${provider}/${name}`)}: ${first.reason}`, { param: "model" });
}

function quote(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
