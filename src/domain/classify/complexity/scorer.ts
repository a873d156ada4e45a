import { FEATURES, WORD_KINDS, type Features, type Tier, type WordKind } from "../../../canonical/complexity.ts";
import { PhraseIndex } from "../phrase-index.ts";
import type { ComplexityData } from "./data.ts";
import { readSigns, type TextSigns } from "./text-signs.ts";

/** What is looked at of a request. */
export interface ComplexityInput {
  /** Of the last user message, at most `maxChars` characters. */
  text: string;
  /** Characters of the whole message. */
  length: number;
  /** Characters of the system prompt. */
  systemLength: number;
  /** Tools that it offers. */
  tools: number;
  /** Steps of the conversation. */
  steps: number;
}

export interface Complexity {
  tier: Tier;
  /** From 0 to 1. */
  score: number;
}

type WordCounts = Record<WordKind, number>;

/** Scores how demanding requests are, by rules alone: the same text always has the same score. */
export class ComplexityScorer {
  readonly maxChars: number;
  private readonly data: ComplexityData;
  private readonly phrases: PhraseIndex;

  constructor(data: ComplexityData) {
    this.data = data;
    this.maxChars = data.maxChars;
    this.phrases = new PhraseIndex(WORD_KINDS.map((kind) => data.words[kind]));
  }

  score(input: ComplexityInput): Complexity {
    const features = this.features(input);
    const { weights, thresholds } = this.data;
    let sum = 0;
    for (const feature of FEATURES) sum += weights[feature] * features[feature];
    if (callsForReasoning(features)) sum = Math.max(sum, thresholds.reasoning);
    const score = Math.round(Math.min(1, Math.max(0, sum)) * 1000) / 1000;
    return { score, tier: this.tierOf(score) };
  }

  /** What the score is made of, each from 0 to 1. */
  features(input: ComplexityInput): Features {
    const found = this.phrases.count(input.text.toLowerCase());
    const words = Object.fromEntries(WORD_KINDS.map((kind, at) => [kind, found[at] ?? 0])) as WordCounts;
    const signs = readSigns(input.text);
    const tokens = signs.tokens * (input.text.length === 0 ? 0 : input.length / input.text.length);
    return {
      length: ramp(tokens, 20, 800),
      code: Math.min(1, codeSigns(signs, input.text.length) + step(words.code, CODE_STEPS)),
      reasoning: step(words.reasoning, REASONING_STEPS),
      analysis: step(words.analysis, REASONING_STEPS),
      math: Math.min(1, step(words.math, MATH_STEPS) + step(signs.mathSigns, MATH_SIGN_STEPS)),
      technical: step(words.technical, TECHNICAL_STEPS),
      steps: Math.min(1, step(words.steps, STEP_STEPS) + ramp(signs.listEntries, 1, 7)),
      constraints: step(words.constraints, CONSTRAINT_STEPS),
      questions: step(signs.questions, QUESTION_STEPS),
      tools: ramp(input.tools, 0, 12),
      depth: ramp(input.steps, 3, 40),
      system: ramp(input.systemLength, 500, 8000),
      simple:
        tokens <= SHORT_TOKENS && words.simple > 0 && words.reasoning + words.technical + words.math === 0 ? 1 : 0,
    };
  }

  private tierOf(score: number): Tier {
    const { medium, complex, reasoning } = this.data.thresholds;
    if (score >= reasoning) return "reasoning";
    if (score >= complex) return "complex";
    return score >= medium ? "medium" : "simple";
  }
}

/** Explicit calls for reasoning need no length: "prove that the square root of 2 is irrational" is short. */
function callsForReasoning({ reasoning, analysis, math }: Features): boolean {
  return reasoning > 0 && reasoning + analysis / 2 + math >= 0.8;
}

/** A text of so many tokens that holds a simple question's words is one. */
const SHORT_TOKENS = 40;

/** What 0, 1, 2, … different finds count for; the last value holds for all further ones. */
const REASONING_STEPS = [0, 0.5, 0.85, 1];
const MATH_STEPS = [0, 0.45, 0.8, 1];
const MATH_SIGN_STEPS = [0, 0.15, 0.3, 0.45];
const TECHNICAL_STEPS = [0, 0.35, 0.6, 0.8, 0.95, 1];
const CODE_STEPS = [0, 0.3, 0.55, 0.75, 0.85];
const STEP_STEPS = [0, 0.2, 0.5, 0.8, 1];
const CONSTRAINT_STEPS = [0, 0.3, 0.6, 0.85, 1];
const QUESTION_STEPS = [0, 0, 0.4, 0.7, 1];

function step(count: number, steps: readonly number[]): number {
  return steps[Math.min(count, steps.length - 1)] ?? 0;
}

function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

function codeSigns({ codeSigns: count, hasFence }: TextSigns, length: number): number {
  const density = length < 40 ? 0 : ramp(count / length, 0.02, 0.08) * 0.6;
  return hasFence ? Math.max(density, 0.5) : density;
}
