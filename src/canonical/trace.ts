import type { CandidateSource, LeftOutReason, PolicyName, RuleResult } from "./names.ts";

/** A place that a call can go to, as traces name it. */
export interface TraceTarget {
  provider: string;
  model: string;
  /** Name of a provider key. */
  key?: string;
}

/**
 * One thing that happened on the way to a target, in order. Steps of any word may stand here with a result in free words;
 * `rule`, `alias`, `left_out` and `target` (one that goes behind the others) have the parts below, and are shown by them.
 */
export interface TraceStep {
  /** `rule`, `alias`, `left_out`, `target`, or another word. */
  step: string;
  /** The name of the rule or alias, a `LeftOutReason` where `target` is set, or free words. */
  result: string;
  /** Of a rule: where it holds. */
  scope?: string;
  /** Of a rule; absent: it matched. */
  outcome?: RuleResult;
  /** More about it, such as the error of a condition. */
  text?: string;
  /** Which target it is about. */
  target?: TraceTarget;
}

/** A target among the candidates of a route, as records keep it: what is absent is null, or the usual. */
export interface NotedCandidate extends TraceTarget {
  /** Absent: `model`. */
  from?: CandidateSource;
  /** Name of the rule or alias, or the fallback's model string. */
  name?: string;
  /** Aliases within it that led to the target, outermost first. */
  via?: readonly string[];
  weight?: number;
  /** What its policy ranked it by. */
  score?: number;
  left_out?: LeftOutReason;
}

/** How a route came about, as records keep it beside the trace: no texts, and nothing of rules that did not match but their number. */
export interface RouteNote {
  /** How many rules were looked at in vain. */
  missed?: number;
  /** What ranked the first group of candidates. */
  policy?: PolicyName;
  /** What the policy drew for its first place, from 0 to 1. */
  draw?: number;
  /** What the request has its targets sorted by. */
  sort?: string;
  /** In the order in which they were to be tried, then those left out. */
  candidates: readonly NotedCandidate[];
}

/** A rule that was looked at. */
export interface ExplainedRule {
  name: string;
  /** null: unknown. */
  scope: string | null;
  result: RuleResult;
  /** The error of its condition, or null. */
  text: string | null;
}

/** A reason of the closed list, with the same in words. */
export interface ExplainedReason {
  code: LeftOutReason;
  text: string;
}

export interface ExplainedCandidate {
  provider: string;
  model: string;
  key: string | null;
  from: CandidateSource;
  /** Name of the rule or alias, or the fallback's model string. */
  name: string | null;
  via: readonly string[];
  weight: number | null;
  /** What its policy ranked it by; see the guide on routing for what it is under each. */
  score: number | null;
  /** Why it was not to be called; null: it was. */
  left_out: ExplainedReason | null;
  /** Why it was tried behind the others; null: it was not. */
  put_last: ExplainedReason | null;
}

export interface ExplainedAttempt {
  provider: string;
  model: string;
  key: string;
  /** HTTP status of the provider; 0: no answer. */
  status: number;
  /** null: it answered. */
  error_code: string | null;
  /** Milliseconds. */
  duration_ms: number;
}

/** Why a request went where it went, for people and programs. */
export interface RouteExplanation {
  /** In the order in which they were looked at; those that did not match only where they were asked for. */
  rules: ExplainedRule[];
  /** How many of the rules that were looked at did not match, listed or not. */
  rules_not_matched: number;
  /** Names of the rules that matched, each after the one that chained to it; the last one decided. */
  chain: string[];
  /** The alias that was asked for, and those that it led to for its first target. */
  aliases: string[];
  policy: PolicyName | null;
  draw: number | null;
  sort: string | null;
  candidates: ExplainedCandidate[];
  /** What else happened, in order. */
  steps: { step: string; result: string }[];
  attempts: ExplainedAttempt[];
}
