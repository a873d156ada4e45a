import {
  isLeftOutReason,
  LEFT_OUT_REASONS,
  type CandidateSource,
  type LeftOutReason,
  type PolicyName,
  type RuleResult,
} from "./names.ts";

/** A place that a call can go to, as traces name it. */
export interface TraceTarget {
  provider: string;
  model: string;
  /** Name of a provider key. */
  key?: string | undefined;
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

/** How the results of rules that did not simply match read in a trace. */
const RULE_WORDS: Readonly<Record<RuleResult, string>> = {
  matched: "matched",
  no_match: "no match",
  error: "error, no match",
  error_refused: "error, refused",
  would_match: "would match",
  not_active: "not active",
  chain_loop: "chain comes back to it, stopped",
  chain_too_deep: "the chain is too long, stopped before it",
};

/** The result of a step in words. */
export function stepText({ step, result, outcome, text, target }: TraceStep): string {
  const more = text === undefined ? "" : `: ${text}`;
  if (outcome !== undefined) return `${result}: ${RULE_WORDS[outcome] ?? outcome}${more}`;
  if (target === undefined) return result + more;
  const reason = reasonText(result) + more;
  return `${target.provider}/${target.model}: ${step === "target" ? `goes last, ${reason}` : reason}`;
}

/** A code of `LEFT_OUT_REASONS` in words; other text stays. */
export function reasonText(code: string): string {
  return isLeftOutReason(code) ? LEFT_OUT_REASONS[code] : code;
}

/** A target among the candidates of a route, as records keep it: what is absent is null, or the usual. */
export interface NotedCandidate extends TraceTarget {
  /** Absent: as of the route. */
  from?: CandidateSource | undefined;
  /** With `from`; absent: `provider/model` of a fallback. */
  name?: string | undefined;
  /** Aliases within it that led to the target, outermost first. */
  via?: readonly string[] | undefined;
  weight?: number | undefined;
  /** What its policy ranked it by. */
  score?: number | undefined;
  left_out?: LeftOutReason | undefined;
}

/** How a route came about, as records keep it beside the trace: no texts, and nothing of rules that did not match but their number. */
export interface RouteNote {
  /** Where the candidates come from; absent: `model`. */
  from?: CandidateSource | undefined;
  /** Name of the rule or alias. */
  name?: string | undefined;
  /** Aliases, where one led to another: the one that was asked for first. */
  aliases?: readonly string[] | undefined;
  /** How many rules were looked at in vain. */
  missed?: number | undefined;
  /** What ranked the first group of candidates. */
  policy?: PolicyName | undefined;
  /** What the policy drew for its first place, from 0 to 1. */
  draw?: number | undefined;
  /** What the request has its targets sorted by. */
  sort?: string | undefined;
  /** In the order in which they were to be tried, then those left out; absent: the one that was asked for, which the attempts name. */
  candidates?: readonly NotedCandidate[] | undefined;
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
  key: string | null;
  /** HTTP status of the provider; 0: no answer. */
  status: number;
  /** null: it answered. */
  error_code: string | null;
  /** Milliseconds; of a stream, to its first content. */
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
