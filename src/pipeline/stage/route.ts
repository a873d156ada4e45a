import { GatewayError } from "../../canonical/errors.ts";
import { isJobOperation, LEFT_OUT_REASONS, type LeftOutReason } from "../../canonical/names.ts";
import { weightedOrder } from "../../domain/balance/weighted.ts";
import type { Choice, GroupPolicy, Target } from "../../domain/route/data.ts";
import type { Route, RouteInput } from "../../domain/route/router.ts";
import type { RequestContext, Stage } from "../context.ts";
import { intendedModel, intentRefusal, orderByIntent, routeTargets, weightedTargets } from "../apply-intent.ts";
import { openJob } from "../job-seal.ts";
import { rankChoices } from "../rank-targets.ts";
import { takeSortSuffix } from "../take-intent.ts";
import { ContextVariables } from "../rule-variables.ts";

/** Decides where the request goes: aliases, rules, the caller's provider weights, fallbacks. */
export const route: Stage = {
  name: "route",
  admit(context: RequestContext): void {
    const { snapshot, call } = context;
    if (call.job !== undefined) return routeToJob(context, call.job);
    const asked = intendedModel(context, takeSortSuffix(call.model, context));
    const { provider, model } = snapshot.router.resolver.split(asked);
    const variables = new ContextVariables(context, model, provider ?? "");
    const decided = snapshot.router.route(new Question(context, asked, variables));
    const { intent } = context;
    context.trace = decided.trace;
    context.decided = decided;
    context.targets = intent === null ? decided.targets : orderByIntent(context, intent, decided.targets);
    if (decided.targets.length === 0) throw noTarget(context, decided);
  },
};

/** What is asked of a job goes to where it runs, if the caller may still go there. */
function routeToJob(context: RequestContext, sealed: string): void {
  const { target, id, begunAt } = openJob(context, sealed);
  const reason = refusalOf(context, target);
  if (reason !== null) throw noTarget(context, { refused: [{ target, reason }] });
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

  refuse(target: Target): LeftOutReason | null {
    return refusalOf(this.context, target);
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

function refusalOf(context: RequestContext, target: Target): LeftOutReason | null {
  if (!context.snapshot.providers.has(target.provider)) return "not_configured";
  const { caller, intent } = context;
  const unwanted = intent === null ? null : intentRefusal(context, intent, target);
  if (unwanted !== null || caller === null) return unwanted;
  const grant = caller.grants.get(target.provider);
  if (grant === undefined) return "provider_not_allowed";
  return grant.allowed.test(target.model) ? null : "model_not_allowed";
}

function noTarget(context: RequestContext, decided: Pick<Route, "refused">): GatewayError {
  const { model } = context.call;
  const first = decided.refused[0];
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
