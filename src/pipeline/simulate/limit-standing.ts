import type { LimitStanding } from "../../canonical/decision.ts";
import { amountFor, type Limit, type Reservation } from "../../domain/ledger/reserve.ts";
import type { Caller } from "../caller.ts";
import type { RequestContext } from "../context.ts";

const NANO = 1e9;

/** How all limits stand that apply to the request, which has been through the stages that reserve: its caller's, and those for each provider that it may be sent to. */
export function limitsOf(context: RequestContext): LimitStanding[] {
  const { caller, held } = context;
  if (caller === null) return [];
  const needs = new Map(held.map(({ limit, amount }: Reservation) => [limit, amount]));
  return limitsFor(context, caller).map((limit) => standingOf(context, limit, needs.get(limit) ?? null));
}

function limitsFor({ targets, trace }: RequestContext, { rateLimits, budgets, grants }: Caller): Limit[] {
  const providers = new Set(
    [...targets, ...trace.flatMap(({ target }) => target ?? [])].map(({ provider }) => provider),
  );
  const granted = [...providers].flatMap((provider) => grants.get(provider) ?? []);
  return [...rateLimits, ...budgets, ...granted.flatMap((grant) => [...grant.rateLimits, ...grant.budgets])];
}

function standingOf({ runtime, arrival }: RequestContext, limit: Limit, need: number | null): LimitStanding {
  const { details } = limit.refusal(runtime.counters, arrival.wall, need ?? amountFor(limit, LEAST));
  const scale = limit.data.metric === "usd" ? NANO : 1;
  const { scope, metric, limit: most, used, reset_at } = details;
  const reserved = (need ?? 0) / scale;
  return {
    scope,
    metric,
    limit: most,
    used: Math.max(0, Math.round((used - reserved) * scale)) / scale,
    need: need === null ? null : reserved,
    // A window that has room now waits for nothing.
    reset_at: reset_at !== null && Date.parse(reset_at) <= arrival.wall ? null : reset_at,
  };
}

const LEAST = { nanoUsd: 1, requests: 1, tokens: 1 };
