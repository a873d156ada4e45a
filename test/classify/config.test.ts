import { describe, expect, test } from "bun:test";
import { checkCondition } from "../../src/compose/check-condition.ts";
import { manifests } from "../../src/compose/providers.ts";
import { ConfigError, loadConfig } from "../../src/domain/config/index.ts";

interface Told {
  problems: string[];
  remedies: (string | undefined)[];
}

function check(routing: unknown): Told {
  try {
    loadConfig({ text: JSON.stringify({ routing }), env: {}, manifests, checkCondition });
    return { problems: [], remedies: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { problems } = error;
    return {
      problems: problems.map(({ path, message }) => `${path}: ${message}`),
      remedies: problems.map(({ remedy }) => remedy),
    };
  }
}

const rule = (when: string) => ({ name: "r", when, targets: [{ model: "demo/demo-fast" }] });
const INTENT = { kind: "embedding", model: "openai/text-embedding-3-small", labels: { code: ["fix this"] } };

describe("conditions", () => {
  test("complexity has to be enabled", () => {
    const rules = [rule('complexity.tier == "simple"')];
    expect(check({ rules })).toEqual({
      problems: ["routing.rules[0].when: `complexity` is not enabled"],
      remedies: ["set `routing.complexity.enabled: true`"],
    });
    expect(check({ rules, complexity: { enabled: true } }).problems).toEqual([]);
  });

  test("a classifier has to be there, where its name is written out", () => {
    expect(check({ rules: [rule('classes["intend"].label == "code"')], classifiers: { intent: INTENT } })).toEqual({
      problems: ['routing.rules[0].when: there is no classifier "intend"'],
      remedies: ["define it under `routing.classifiers`; there are intent"],
    });
    for (const when of [
      'classes["intent"].label == "code"',
      "classes.intent.score > 0.5",
      "classes[model].score > 0.5",
    ])
      expect(check({ rules: [rule(when)], classifiers: { intent: INTENT } }).problems).toEqual([]);
  });

  test.each([
    ["complexity.tear == 1", "complexity has no field tear"],
    ["complexity.score == true", "double"],
    ["classes.intent.lable == ''", "class has no field lable"],
    ['classes["intent"] == "code"', "class and string are never equal"],
  ])("%s is refused for its types", (when, message) => {
    const { problems } = check({ rules: [rule(when)], complexity: { enabled: true }, classifiers: { intent: INTENT } });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });

  test("a classifier reads the text and no classifier", () => {
    const classifiers = (when: string) => ({ intent: { ...INTENT, when } });
    expect(check({ classifiers: classifiers('text.contains("x") && !has_tools') }).problems).toEqual([]);
    expect(check({ classifiers: classifiers('classes.intent.label == "a"') }).problems[0]).toContain(
      "routing.classifiers.intent.when: line 1, column 1: unknown variable classes",
    );
    expect(check({ rules: [rule('text.contains("x")')] }).problems[0]).toContain("unknown variable text");
  });
});

describe("keys", () => {
  test.each<[string, unknown, string[]]>([
    ["embedding", { kind: "embedding" }, ["model: is required", "labels: is required"]],
    ["http", { kind: "http", labels: { a: [] } }, ["url: is required"]],
    ["rules", { kind: "rules", top_k: 3 }, ["rules: is required", "top_k: means nothing"]],
    ["model", { kind: "model", model: "gpt-4o", labels: { a: [] }, url: "https://x.test" }, ["url: means nothing"]],
    ["a bare model", { ...INTENT, model: "text-embedding-3-small" }, ["model: must be provider/model"]],
    ["an unknown provider", { ...INTENT, model: "opnai/x" }, ['model: there is no provider "opnai"']],
    ["no examples", { ...INTENT, labels: { code: [] } }, ["labels.code: has no examples"]],
    ["no condition", { kind: "rules", rules: [{ label: "a" }] }, ["rules[0]: has no condition"]],
    ["a pattern", { kind: "rules", rules: [{ label: "a", pattern: "(a" }] }, ["rules[0].pattern: line 1"]],
    ["backreferences", { kind: "rules", rules: [{ label: "a", pattern: "(a)\\1" }] }, ["rules[0].pattern: line 1"]],
  ])("%s", (_, classifier, expected) => {
    const { problems } = check({ classifiers: { it: classifier } });
    expect(problems.map((problem) => problem.replace("routing.classifiers.it.", ""))).toEqual(
      expected.map((start) => expect.stringContaining(start) as string),
    );
  });

  test("the name of complexity is taken, thresholds grow", () => {
    expect(check({ classifiers: { complexity: INTENT } }).problems[0]).toContain("the name complexity is taken");
    expect(check({ complexity: { thresholds: { complex: 0.9 } } }).problems[0]).toContain("must grow");
  });

  test("unknown features and kinds of words are refused", () => {
    expect(check({ complexity: { weights: { lenght: 1 } } }).problems[0]).toContain("routing.complexity.weights");
    expect(check({ complexity: { words: { rude: ["x"] } } }).problems[0]).toContain("routing.complexity.words");
  });
});
