import type { HealthNote } from "./health-note.ts";

/** What a replica had posted. */
export interface PostedNotes {
  replica: string;
  /** Unix milliseconds, by the clock of that replica. */
  at: number;
  notes: HealthNote[];
}

/** Where replicas tell each other of the health of targets. Every replica has one place, which each post replaces. */
export interface HealthBoard {
  postHealth(replica: string, notes: readonly HealthNote[], now: number): void;
  /** What others have posted since; what is much older is forgotten. */
  healthOfOthers(replica: string, since: number): PostedNotes[];
}
