import { describe, expect, test } from "bun:test";
import { DEFAULT_THRESHOLDS, DEFAULT_WEIGHTS, FEATURES } from "../../../canonical/complexity.ts";
import type { ComplexityData } from "./data.ts";
import { PROMPTS } from "./fixtures/prompts.ts";
import { ComplexityScorer, type ComplexityInput } from "./scorer.ts";
import { windowOf } from "./window.ts";
import { BUILT_IN_WORDS } from "./words/index.ts";

const DATA: ComplexityData = {
  maxChars: 4000,
  weights: DEFAULT_WEIGHTS,
  thresholds: DEFAULT_THRESHOLDS,
  words: BUILT_IN_WORDS,
};
const scorer = new ComplexityScorer(DATA);

function inputOf(text: string, more: Partial<ComplexityInput> = {}): ComplexityInput {
  return { text: windowOf(text, DATA.maxChars), length: text.length, systemLength: 0, tools: 0, steps: 1, ...more };
}

describe("tiers", () => {
  test.each(PROMPTS.map(([tier, text]) => ({ tier, text })))("$tier: $text", ({ tier, text }) => {
    expect(scorer.score(inputOf(text)).tier).toBe(tier);
  });

  test("the same text has the same score, whatever was scored between", () => {
    const text = "Prove that there are infinitely many primes, step by step.";
    const first = scorer.score(inputOf(text));
    for (const [, other] of PROMPTS) scorer.score(inputOf(other));
    expect(scorer.score(inputOf(text))).toEqual(first);
  });

  test("a word that is repeated counts once", () => {
    expect(scorer.score(inputOf("algorithm ".repeat(5))).score).toBeLessThanOrEqual(
      scorer.score(inputOf("algorithm latency")).score,
    );
  });

  test("a word within another does not count", () => {
    expect(scorer.features(inputOf("improvements approve disproven")).reasoning).toBe(0);
  });

  test("what lies around the text adds up: tools, a long conversation, a long system prompt", () => {
    const alone = scorer.score(inputOf("Go on."));
    const agent = scorer.score(inputOf("Go on.", { tools: 20, steps: 80, systemLength: 20_000 }));
    expect(alone.tier).toBe("simple");
    expect(agent.score - alone.score).toBeCloseTo(
      DEFAULT_WEIGHTS.tools + DEFAULT_WEIGHTS.depth + DEFAULT_WEIGHTS.system,
    );
  });

  test("the end of a long text is read, its middle is not", () => {
    const filler = "lorem ipsum dolor sit amet ".repeat(2000);
    const atEnd = scorer.features(inputOf(`${filler}\nProve it, step by step.`));
    const inMiddle = scorer.features(inputOf(`${filler}\nProve it, step by step.\n${filler}`));
    expect([atEnd.reasoning, inMiddle.reasoning]).toEqual([0.85, 0]);
    expect(atEnd.length).toBe(1);
  });
});

describe("configuration", () => {
  test("weights, thresholds and words may all be others", () => {
    const own = new ComplexityScorer({
      ...DATA,
      weights: { ...DEFAULT_WEIGHTS, technical: 1 },
      thresholds: { medium: 0.2, complex: 0.3, reasoning: 0.9 },
      words: { ...BUILT_IN_WORDS, technical: ["flux capacitor"] },
    });
    expect(own.score(inputOf("Tell me about the flux capacitor")).tier).toBe("complex");
    expect(own.score(inputOf("Tell me about the algorithm")).tier).toBe("simple");
  });
});

describe("hostile texts", () => {
  test.each([
    ["one letter", "a".repeat(200_000)],
    ["megabytes of words", "a b c ".repeat(500_000)],
    ["nothing", ""],
    ["lists", "\n- ".repeat(100_000)],
    ["questions", "?".repeat(100_000)],
    ["lone surrogates", "\ud800".repeat(10_000)],
    ["null characters", "\0".repeat(10_000)],
    ["begun phrases", "step by step by ".repeat(10_000)],
    ["Han", "证".repeat(100_000)],
    ["digits and signs", "1 + 1 = ".repeat(50_000)],
  ])("%s: score and features stay within bounds, and no more than the window is read", (_, text) => {
    const input = inputOf(text);
    expect(input.text.length).toBeLessThanOrEqual(DATA.maxChars);
    const { score } = scorer.score(input);
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(1);
    const features = scorer.features(input);
    for (const feature of FEATURES) {
      expect(features[feature]).toBeGreaterThanOrEqual(0);
      expect(features[feature]).toBeLessThanOrEqual(1);
    }
  });
});
