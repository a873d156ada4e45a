import type { Decision } from "../../canonical/decision.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { RequestContext, Stage } from "../context.ts";
import { explainContext } from "../explain.ts";
import { REFUSALS } from "../stage/identify.ts";
import { routeNow } from "../stage/route.ts";
import { drawFirst } from "./draw-first.ts";
import { limitsOf } from "./limit-standing.ts";
import { simulatedTargets } from "./simulated-targets.ts";

/** What is simulated beside the request itself. */
export interface Question {
  /** Name of the virtual key that calls; null: nobody. */
  virtualKey: string | null;
  /** How often the first target is drawn; 0: not. */
  draws: number;
}

/** The stages that decide; those before and after them keep, wait or call. */
const DECIDING: ReadonlySet<string> = new Set(["decode", "admit", "route", "reserve"]);
/** Refusals that say nothing of the route. */
const OF_LIMITS: ReadonlySet<string> = new Set(["rate_limited", "budget_exceeded"]);

/** Decides on a request without calling anybody; the context's runtime must be a `quietRuntime`. Rejects only for faults of the gateway. */
export async function decide(context: RequestContext, { virtualKey, draws }: Question): Promise<Decision> {
  let refusal = identified(context, virtualKey);
  for (const stage of context.stages) {
    if (refusal !== null && !OF_LIMITS.has(refusal.code)) break;
    if (DECIDING.has(stage.name)) refusal = admitted(stage, context) ?? refusal;
  }
  const isRouted = context.targets.length > 0;
  const targets = isRouted ? simulatedTargets(context) : [];
  const route = explainContext(context);
  const warnings = [...context.warnings];
  const standing = isRouted ? limitsOf(context) : [];
  // Timers that the request's own time limit has set; nothing waits for it here.
  context.ended();
  const distribution = isRouted && draws > 0 ? await drawFirst(context, draws) : null;
  return { ...headOf(context, refusal, virtualKey), route, targets, limits: standing, warnings, distribution };
}

function headOf(context: RequestContext, refusal: GatewayError | null, virtualKey: string | null) {
  const { arrival, size, snapshot, request } = context;
  const { operation, dialect, wall } = arrival;
  return {
    status: refusal?.status ?? 200,
    error: refusal === null ? null : errorOf(refusal),
    request: {
      operation,
      dialect: dialect.name,
      model: request?.model ?? null,
      virtual_key: virtualKey,
      time: new Date(wall).toISOString(),
    },
    snapshot: snapshot.data.version,
    estimate: { input_tokens: size.inputTokens, output_tokens: size.outputTokens },
  };
}

function errorOf({ code, message, fields }: GatewayError): NonNullable<Decision["error"]> {
  return { code, message, ...(fields.param !== undefined && { param: fields.param }) };
}

/** Finds the caller by the name of its key; returns why it would be refused, or null. */
function identified(context: RequestContext, name: string | null): GatewayError | null {
  const { snapshot, arrival } = context;
  if (name === null) return snapshot.data.requireVirtualKey ? unauthenticated("none") : null;
  const data = snapshot.data.virtualKeys.find((key) => key.name === name);
  if (data === undefined) {
    const text = `no virtual key is named ${JSON.stringify(name)}`;
    throw new GatewayError("invalid_request", text, { param: "virtual_key" });
  }
  const found = snapshot.identifyById(data.id, arrival.wall);
  if (found.status !== "found") return unauthenticated(found.status);
  context.caller = found.key;
  return null;
}

function unauthenticated(status: keyof typeof REFUSALS): GatewayError {
  return new GatewayError("unauthenticated", REFUSALS[status]);
}

/** Runs a stage; what it refuses with, or null. None of those that decide waits. */
function admitted(stage: Stage, context: RequestContext): GatewayError | null {
  try {
    if (stage.name === "route") routeNow(context);
    else void stage.admit?.(context);
    return null;
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}
