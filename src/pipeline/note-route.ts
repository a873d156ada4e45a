import type { NotedCandidate, RouteNote, TraceStep } from "../canonical/trace.ts";
import type { Candidate, CandidateGroup, Target } from "../domain/route/data.ts";
import { OWN_MODEL, type Route } from "../domain/route/router.ts";
import type { RequestContext } from "./context.ts";

/**
 * How the route came about, for the record; null where the request named its target, which was called, and nothing else was
 * looked at: then the attempts say all there is to say.
 */
export function noteRoute(context: RequestContext): RouteNote | null {
  const { decided, targets } = context;
  if (decided === null) return targets.length === 0 ? null : { from: "job", candidates: targets };
  const missed = countMissed(context, decided);
  if (isPlain(context, decided)) return missed === 0 ? null : { missed };
  const group = mainGroup(decided);
  return {
    from: group.from === "model" ? undefined : group.from,
    name: group.name ?? undefined,
    policy: group.policy ?? undefined,
    draw: drawOf(decided),
    sort: context.intent?.sort ?? undefined,
    missed: missed === 0 ? undefined : missed,
    aliases: decided.aliases.length > 1 ? decided.aliases : undefined,
    candidates: notedCandidates(context, decided, group),
  };
}

/** Where what is tried first comes from. */
function mainGroup({ candidates: [first] }: Route): CandidateGroup {
  return first === undefined || first.group.from === "fallback" ? OWN_MODEL : first.group;
}

function drawOf({ candidates: [first] }: Route): number | undefined {
  const draw = first?.choice?.draw ?? null;
  return draw === null ? undefined : Math.round(draw * 10_000) / 10_000;
}

/** Rules that were looked at in vain; those that failed or only show what they would do stand in the trace. */
function countMissed({ snapshot, scopes, trace }: RequestContext, { stops }: Route): number {
  let count = snapshot.router.countNotMatched(scopes, stops);
  if (count > 0) for (const step of trace) if (isTold(step)) count -= 1;
  return count;
}

/** A rule that did not hold and of which the trace says why. */
function isTold({ step, outcome }: TraceStep): boolean {
  return step === "rule" && outcome !== undefined && outcome !== "chain_loop";
}

function isPlain({ attempts, targets, trace, intent }: RequestContext, { candidates }: Route): boolean {
  return (
    attempts.length > 0 &&
    trace.length === 0 &&
    candidates.length === 1 &&
    targets.length === 1 &&
    targets[0] === candidates[0]?.target &&
    candidates[0]?.group.from === "model" &&
    (intent === null || intent.sort === null)
  );
}

/** The targets in the order in which they were to be tried, then what was left out. */
function notedCandidates(context: RequestContext, decided: Route, main: CandidateGroup): NotedCandidate[] {
  const { targets } = context;
  const { candidates, refused } = decided;
  if (targets === decided.targets && refused.length === 0)
    return candidates.map((each) => noteCandidate(each, each.target, main));
  const left = new Set(candidates);
  const noted: NotedCandidate[] = [];
  for (const target of targets) {
    const found = candidateOf(left, target);
    if (found !== undefined) left.delete(found);
    noted.push(found === undefined ? target : noteCandidate(found, target, main));
  }
  for (const each of left) noted.push(asideCandidate(context, each, main));
  return noted;
}

/** A later stage may have bound a target to a key, or made it anew. */
function candidateOf(left: ReadonlySet<Candidate>, target: Target): Candidate | undefined {
  const able = [...left].filter(({ reason }) => reason === null);
  return (
    able.find((each) => each.target === target) ??
    able.find(({ target: it }) => it.provider === target.provider && it.model === target.model)
  );
}

function asideCandidate(context: RequestContext, it: Candidate, main: CandidateGroup): NotedCandidate {
  const noted = noteCandidate(it, it.target, main);
  if (it.reason === null) noted.left_out = context.intent?.allowFallbacks === false ? "fallbacks_off" : "replaced";
  return noted;
}

function noteCandidate(it: Candidate, { provider, model, key }: Target, main: CandidateGroup): NotedCandidate {
  const { group, choice, reason } = it;
  const own = group === main ? null : group;
  const score = choice?.score ?? null;
  return {
    provider,
    model,
    key,
    from: own?.from,
    name: own === null || own.name === null || own.name === `${provider}/${model}` ? undefined : own.name,
    weight: choice?.weight,
    score: score === null ? undefined : rounded(score),
    via: choice === null || choice.via.length === 0 ? undefined : choice.via,
    left_out: reason ?? undefined,
  };
}

/** Four significant digits: more would say nothing, and cost bytes. */
function rounded(value: number): number {
  if (value === 0) return 0;
  const scale = 10 ** (3 - Math.floor(Math.log10(Math.abs(value))));
  return Number.isFinite(scale) && scale > 0 ? Math.round(value * scale) / scale : value;
}
