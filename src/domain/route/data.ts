import type { PolicyName, StickyMode } from "../../canonical/names.ts";

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
  /** Absent: as for all. */
  sticky?: StickyMode;
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
  /** By the scope that they hold in: `global`, `team:NAME`, … */
  aliases: Record<string, AliasData[]>;
  /** Default fallback chain: model strings. */
  fallbacks: string[];
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
}
