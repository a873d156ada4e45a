import { tests as conformance } from "@bufbuild/cel-spec/testdata/conformance.js";
import { describe, expect, test } from "bun:test";
import { judge, type Case, type Verdict } from "./fixtures/conformance-case.ts";
import { KNOWN_FAILURES } from "./fixtures/known-failures.ts";

interface Suite {
  readonly name: string;
  readonly suites?: readonly Suite[];
  readonly tests?: readonly { readonly original: object }[];
}

/** The files that say nothing about protobuf messages throughout. */
const FILES = [
  "basic", "bindings_ext", "comparisons", "conversions", "dynamic", "encoders_ext", "fields", "fp_math", "integer_math", "lists", "logic",
  "macros", "macros2", "math_ext", "namespace", "optionals", "parse", "plumbing", "string", "string_ext", "timestamps", "type_deductions",
];

function* casesOf(suite: Suite, path: string): Generator<[string, Case]> {
  for (const each of suite.tests ?? []) {
    const original = each.original as Case;
    yield [`${path}/${original.name}`, original];
  }
  for (const inner of suite.suites ?? []) yield* casesOf(inner, `${path}/${inner.name}`);
}

const cases = (conformance as Suite).suites?.filter(({ name }) => FILES.includes(name)).flatMap((file) => [...casesOf(file, file.name)]) ?? [];
const verdicts = new Map<string, Verdict>(cases.map(([path, each]) => [path, judge(each)]));
const withOutcome = (outcome: Verdict["outcome"]): string[] => [...verdicts].filter(([, verdict]) => verdict.outcome === outcome).map(([path]) => path);

describe("the conformance suite of CEL", () => {
  test("has been run", () => {
    expect(cases.length).toBe(verdicts.size);
    expect([withOutcome("passed").length, withOutcome("failed").length, withOutcome("skipped").length]).toEqual([0, 0, 0]);
  });

  test("passes, but for the known failures", () => {
    const failures = [...verdicts].filter(([path, verdict]) => verdict.outcome === "failed" && !Object.hasOwn(KNOWN_FAILURES, path));
    expect(failures.map(([path, verdict]) => `${path}: ${verdict.reason}`)).toEqual([]);
  });

  test("still fails where it is known to", () => {
    expect(Object.keys(KNOWN_FAILURES).filter((path) => verdicts.get(path)?.outcome !== "failed")).toEqual([]);
  });
});
