import type { AttemptSummary } from "./errors.ts";
import { isLeftOutReason, LEFT_OUT_REASONS, type CandidateSource, type RuleResult } from "./names.ts";
import {
  stepText,
  type ExplainedCandidate,
  type ExplainedReason,
  type ExplainedRule,
  type NotedCandidate,
  type RouteExplanation,
  type RouteNote,
  type TraceStep,
  type TraceTarget,
} from "./trace.ts";

/** What is known of a route that is to be explained. */
interface RouteFacts {
  /** null: the request named its target. */
  note: RouteNote | null;
  trace: readonly TraceStep[];
  attempts: readonly AttemptSummary[];
  /** All rules that were looked at, where they are known; otherwise those of the trace. */
  rules?: ExplainedRule[];
}

/** Puts what is known of a route into words and fills in what records leave out. */
export function explainRoute({ note, trace, attempts, rules }: RouteFacts): RouteExplanation {
  const looked = rules ?? rulesOf(trace);
  const candidates = candidatesOf(note, attempts);
  for (const step of trace) applyReason(candidates, step);
  return {
    rules: looked,
    rules_not_matched: note?.missed ?? 0,
    chain: rulesOf(trace).flatMap(({ name, result }) => (result === "matched" ? [name] : [])),
    aliases: aliasesOf(note, trace),
    policy: note?.policy ?? null,
    draw: note?.draw ?? null,
    sort: note?.sort ?? null,
    candidates,
    steps: trace.filter(isOther).map((step) => ({ step: step.step, result: stepText(step) })),
    attempts: attempts.map(({ provider, model, key = null, status, code, ms }) => ({
      provider,
      model,
      key,
      status,
      error_code: code,
      duration_ms: ms,
    })),
  };
}

function rulesOf(trace: readonly TraceStep[]): ExplainedRule[] {
  return trace.filter(({ step }) => step === "rule").map(explainRule);
}

/** A rule as its step in a trace says. */
export function explainRule({
  result: name,
  scope = null,
  outcome = "matched",
  text = null,
}: {
  result: string;
  scope?: string | null;
  outcome?: RuleResult;
  text?: string | null;
}): ExplainedRule {
  return { name, scope, result: outcome, text };
}

function aliasesOf(note: RouteNote | null, trace: readonly TraceStep[]): string[] {
  if (note?.aliases !== undefined) return [...note.aliases];
  return trace.flatMap(({ step, result }) => (step === "alias" ? [result] : []));
}

/** A request that named its target has only the one that it was sent to. */
function candidatesOf(note: RouteNote | null, attempts: readonly AttemptSummary[]): ExplainedCandidate[] {
  if (note?.candidates !== undefined) return note.candidates.map((each) => explainCandidate(note, each));
  const [first] = attempts;
  return first === undefined ? [] : [bare({ provider: first.provider, model: first.model }, "model")];
}

function bare({ provider, model, key = null }: NullableKey, from: CandidateSource): ExplainedCandidate {
  const unknown = { name: null, via: [], weight: null, score: null, left_out: null, put_last: null };
  return { provider, model, key, from, ...unknown };
}

type NullableKey = Omit<TraceTarget, "key"> & { key?: string | null | undefined };

function explainCandidate(note: RouteNote, it: NotedCandidate): ExplainedCandidate {
  const from = it.from ?? note.from ?? "model";
  const name = it.from === undefined ? (note.name ?? null) : (it.name ?? nameOf(it, it.from));
  return {
    ...bare(it, from),
    name,
    via: it.via ?? [],
    weight: it.weight ?? null,
    score: it.score ?? null,
    left_out: it.left_out === undefined ? null : explainReason(it.left_out),
  };
}

function nameOf({ provider, model }: TraceTarget, from: CandidateSource): string | null {
  return from === "fallback" ? `${provider}/${model}` : null;
}

function explainReason(code: keyof typeof LEFT_OUT_REASONS, more?: string): ExplainedReason {
  const text: string = LEFT_OUT_REASONS[code];
  return { code, text: more === undefined ? text : `${text}: ${more}` };
}

/** Puts what a step says of a target to it. */
function applyReason(candidates: ExplainedCandidate[], { step, result, target, text }: TraceStep): void {
  if (target === undefined || !isLeftOutReason(result)) return;
  let found = candidates.find((each) => isSame(each, target));
  if (found === undefined) candidates.push((found = bare(target, "model")));
  const reason = explainReason(result, text);
  if (step === "left_out") found.left_out = reason;
  else found.put_last = reason;
}

function isSame({ provider, model, key }: ExplainedCandidate, target: TraceTarget): boolean {
  return provider === target.provider && model === target.model && (key ?? undefined) === target.key;
}

function isOther({ step, result, target }: TraceStep): boolean {
  return step !== "rule" && step !== "alias" && (target === undefined || !isLeftOutReason(result));
}
