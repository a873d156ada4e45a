import type { TargetReading } from "../target-health.ts";
import type { Draw } from "../weighted.ts";

/** One of a group's targets, as its policy sees it. */
export interface Candidate {
  /** The configured share, 0 or more. */
  readonly weight: number;
  /** The same for the same target at all times. */
  readonly id: string;
  readonly reading: TargetReading;
  /** Of a typical call, in any unit; null: unknown. */
  readonly price: number | null;
  /** Set by the policy: what it ranked it by, in the policy's own unit; stays null where that is unknown or nothing. */
  score: number | null;
}

/** What else a policy may go by. */
export interface PolicyInput {
  draw: Draw;
  isStream: boolean;
  /** Counts up with each request of the group. */
  turn(): number;
  /** What requests that should stay together have in common. */
  affinity(): string;
}

/** Puts a group's targets into the order in which to try them; all of them stay. */
export type Policy = <T extends Candidate>(candidates: readonly T[], input: PolicyInput) => readonly T[];
