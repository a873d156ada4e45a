import type { CandidateSource, LeftOutReason, PolicyName, StickyMode } from "../../canonical/names.ts";

/** Routing as the snapshot carries it: plain data that a thread compiles. */

export interface WeightedTarget {
  /** Absent: the provider that was asked for, or the one that has the model. */
  provider?: string;
  /** Absent: the model that was asked for. May be an alias when no provider stands beside it. */
  model?: string;
  /** Name of the provider key to use. */
  key?: string;
  weight: number;
  /** CEL condition; where it does not hold the target is left out. Of targets of aliases only. */
  when?: string;
}

/** How the targets of an alias or rule are put in order. */
export interface GroupPolicy {
  name: PolicyName;
  /** Where the group's turns are counted, in the health of targets. */
  slot: number;
  /** Absent: as for all. */
  sticky?: StickyMode;
}

/** When an attempt that has brought nothing gets a rival. */
export interface HedgeData {
  /** Milliseconds; null: as the percentile says. */
  afterMs: number | null;
  /** Of the time that the first target takes, 0 to 1; null: after a fixed time. */
  percentile: number | null;
  /** Rivals at most. */
  max: number;
}

/** How the attempts of a request are made, where an alias, a rule or the whole configuration says so. */
export interface AttemptData {
  /** null: never; absent: as the wider place says. */
  hedging?: HedgeData | null;
  /** Of an attempt behind which other targets are left; absent: as the wider place says. */
  attemptTimeoutMs?: number;
}

export interface AliasData {
  name: string;
  targets: WeightedTarget[];
  policy: GroupPolicy;
  /** Model strings. */
  fallbacks: string[];
  attempts?: AttemptData;
  /** Callers that see it neither see nor reach its targets by their own names. */
  hidesTargets: boolean;
  /** It stands in no list of models. */
  isHidden: boolean;
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
  attempts?: AttemptData;
  /** Only its own fallbacks count. */
  isConfined: boolean;
  /** In place of targets: what the caller is told. */
  refuse: { message: string; status: number } | null;
  onError: "skip" | "refuse";
  /** Tried, never acted on. */
  isShadow: boolean;
  /** Unix milliseconds; null: since ever, or for ever. */
  validFrom: number | null;
  validUntil: number | null;
}

/** What is drawn once and keeps its arm. */
export type ExperimentUnit = "user" | "session" | "virtual_key" | "request";

/** One way of an experiment; without targets: where the request goes anyway. */
export interface ArmData {
  name: string;
  weight: number;
  targets: WeightedTarget[];
  policy: GroupPolicy;
  fallbacks: string[];
  /** It takes no more calls: its units are in the first arm. */
  isStopped?: boolean;
}

/** Calls that are split, to compare how the arms do. */
export interface ExperimentData {
  name: string;
  /** As of a rule. */
  scope: string;
  /** CEL condition. */
  when: string;
  unit: ExperimentUnit;
  /** The first one is what the others are compared with. */
  arms: ArmData[];
  /** By time: from then on, Unix milliseconds, so many of a hundred units are in an arm beside the first; empty: by weight. */
  ramp: { from: number; percent: number }[];
}

export interface RouteData {
  providers: string[];
  /** By provider: what may stand before the ids of its models and is no part of them. */
  modelFolders?: Record<string, string>;
  /** By the scope that they hold in: `global`, `team:NAME`, … */
  aliases: Record<string, AliasData[]>;
  /** Default fallback chain: model strings. */
  fallbacks: string[];
  /** For routes whose alias and rule do not say otherwise. */
  attempts?: AttemptData;
  rules: RuleData[];
  /** Looked at in this order by requests that no rule decides. */
  experiments?: ExperimentData[];
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
