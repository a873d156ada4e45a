import type { Features, Thresholds, WordLists } from "../../../canonical/complexity.ts";

/** Scoring, as the snapshot carries it: plain data. */
export interface ComplexityData {
  /** Characters of the last user message that are looked at. */
  maxChars: number;
  weights: Features;
  thresholds: Thresholds;
  words: WordLists;
}
