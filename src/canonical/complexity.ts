/** How demanding a request is, from what takes no thought to what takes much. */
export const TIERS = ["simple", "medium", "complex", "reasoning"] as const;
export type Tier = (typeof TIERS)[number];

/** What words are looked for. */
export const WORD_KINDS = [
  "reasoning",
  "analysis",
  "math",
  "technical",
  "code",
  "steps",
  "constraints",
  "simple",
] as const;
export type WordKind = (typeof WORD_KINDS)[number];
export type WordLists = Readonly<Record<WordKind, readonly string[]>>;

/** What the score is made of, each from 0 to 1. */
export const FEATURES = [
  "length",
  "code",
  "reasoning",
  "analysis",
  "math",
  "technical",
  "steps",
  "constraints",
  "questions",
  "tools",
  "depth",
  "system",
  "simple",
] as const;
export type Feature = (typeof FEATURES)[number];
export type Features = Record<Feature, number>;

/** What each feature adds to the score when it is 1. */
export const DEFAULT_WEIGHTS: Readonly<Features> = {
  length: 0.2,
  code: 0.24,
  reasoning: 0.35,
  analysis: 0.26,
  math: 0.25,
  technical: 0.32,
  steps: 0.15,
  constraints: 0.15,
  questions: 0.1,
  tools: 0.08,
  depth: 0.1,
  system: 0.05,
  simple: -0.15,
};

/** Scores from which a tier begins. */
export interface Thresholds {
  medium: number;
  complex: number;
  reasoning: number;
}

export const DEFAULT_THRESHOLDS: Readonly<Thresholds> = { medium: 0.1, complex: 0.315, reasoning: 0.75 };
