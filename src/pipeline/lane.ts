import { GatewayError } from "../canonical/errors.ts";
import type { Warning } from "../canonical/warning.ts";
import type { Need } from "../domain/ledger/reserve.ts";
import type { AttemptHold } from "./attempt-limits.ts";
import type { Call } from "./call.ts";
import type { GrantHold } from "./grant-limits.ts";
import type { TargetWatch } from "./target-watch.ts";

/**
 * A line of attempts, one upstream call at a time. A request is its own lane; where attempts run against each other each has
 * one, and the request takes over what the winner's holds.
 */
export interface Lane {
  /** Gives up what is waited for, upstream call or backoff; null: nothing. */
  giveUp: ((reason: GatewayError) => void) | null;
  /** The upstream call under way; null: none. */
  watch: TargetWatch | null;
  /** What the call under way holds of limits and places at its provider; null: nothing. */
  hold: AttemptHold | null;
  /** What its key was like when it was chosen, see `KeyHealth.claim`. */
  keyClaim: number;
  /** Calls that it has made. */
  calls: number;
  /** What its call that another outran is known to have used; null: nothing. */
  lost: Need | null;
  /** What it holds of the caller's limits for the provider that it calls; null: nothing. */
  grant: GrantHold | null;
  warnings: Warning[];
  /** Place in `KeyHealth` of a provider key that it leaves to another lane. */
  readonly avoidedKey: number | null;
  /** It was begun because another brought nothing in time. */
  readonly isHedge: boolean;
  /** Null: nobody runs against it. */
  readonly race: Rivals | null;
}

/** Those who run against each other, as a call sees them. */
export interface Rivals {
  /** A call begins, at `started` (monotonic). Throws `OUTRUN` when another lane has won. */
  begin(it: Call, started: number): void;
  /** Throws `OUTRUN` when another lane has won. */
  check(lane: Lane): void;
  /** The call has brought an answer: the others are given up and noted. */
  win(it: Call): void;
}

/** Ends the lanes that did not win. No client ever sees it. */
export const OUTRUN = new GatewayError("internal_error", "another attempt has answered");
