import type { CandidateSource, LeftOutReason, PolicyName } from "../../canonical/names.ts";

/** Routing as the snapshot carries it: plain data that a thread compiles. */

export interface WeightedTarget {
  /** Absent: the provider that was asked for, or the one that has the model. */
  provider?: string;
  /** Absent: the model that was asked for. May be an alias when no provider stands beside it. */
  model?: string;
  /** Name of the provider key to use. */
  key?: string;
  weight: number;
}

/** How the targets of an alias or rule are put in order. */
export interface GroupPolicy {
  name: PolicyName;
  /** Where the group's turns are counted, in the health of targets. */
  slot: number;
}

export interface AliasData {
  name: string;
  targets: WeightedTarget[];
  policy: GroupPolicy;
  /** Model strings. */
  fallbacks: string[];
}

export interface RuleData {
  name: string;
  /** `global`, `customer:NAME`, `team:NAME` or `virtual_key:NAME`. */
  scope: string;
  /** Lower is looked at first. */
  priority: number;
  /** CEL condition. */
  when: string;
  targets: WeightedTarget[];
  policy: GroupPolicy;
  fallbacks: string[];
  chainRule: boolean;
}

export interface RouteData {
  providers: string[];
  /** By the scope that they hold in: `global`, `team:NAME`, … */
  aliases: Record<string, AliasData[]>;
  /** Default fallback chain: model strings. */
  fallbacks: string[];
  rules: RuleData[];
}

/** A place to send the call to. */
export interface Target {
  provider: string;
  model: string;
  key?: string;
}

/** One choice of a group: what it stands for, best place first. */
export interface Choice {
  weight: number;
  targets: readonly Target[];
  /** Aliases that led to the first target, outermost first. */
  via: readonly string[];
  /** What the policy ranked it by; null: by its weight alone, or by nothing. */
  score: number | null;
  /** What the policy drew for the first place, from 0 to 1; null: this is not the first, or nothing was drawn. */
  draw: number | null;
}

/** Where the candidates of one kind come from. */
export interface CandidateGroup {
  from: CandidateSource;
  /** Name of the rule or alias, or the fallback's model string; null: the request's own. */
  name: string | null;
  /** What put them in order; null: nothing had to. */
  policy: PolicyName | null;
}

/** A target that was looked at, taken or not. */
export interface Candidate {
  target: Target;
  group: CandidateGroup;
  /** The choice of its group that it stands for; null: it has no weight. */
  choice: Choice | null;
  /** Why the caller may not use it; null: it may. */
  reason: LeftOutReason | null;
}
