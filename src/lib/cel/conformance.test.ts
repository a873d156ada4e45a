import { tests as conformance } from "@bufbuild/cel-spec/testdata/conformance.js";
import { describe, expect, test } from "bun:test";
import { compileCel, formatType } from "./index.ts";
import { judge, type Case, type Verdict } from "./fixtures/conformance-case.ts";
import { KNOWN_FAILURES } from "./fixtures/known-failures.ts";

interface Suite {
  readonly name: string;
  readonly suites?: readonly Suite[];
  readonly tests?: readonly { readonly original: object; readonly type?: string }[];
}

/** The files that say nothing about protobuf messages throughout. */
const FILES = [
  "basic",
  "bindings_ext",
  "comparisons",
  "conversions",
  "dynamic",
  "encoders_ext",
  "fields",
  "fp_math",
  "integer_math",
  "lists",
  "logic",
  "macros",
  "macros2",
  "math_ext",
  "namespace",
  "optionals",
  "parse",
  "plumbing",
  "string",
  "string_ext",
  "timestamps",
  "type_deductions",
];

/** Some names stand twice in one place. */
function* casesOf(suite: Suite, path: string): Generator<[string, Case]> {
  const seen = new Set<string>();
  for (const each of suite.tests ?? []) {
    const original = each.original as Case;
    const name = seen.has(original.name) ? `${original.name} (${original.expr})` : original.name;
    seen.add(original.name);
    yield [`${path}/${name}`, original];
  }
  for (const inner of suite.suites ?? []) yield* casesOf(inner, `${path}/${inner.name}`);
}

const cases =
  (conformance as Suite).suites
    ?.filter(({ name }) => FILES.includes(name))
    .flatMap((file) => [...casesOf(file, file.name)]) ?? [];
const verdicts = new Map<string, Verdict>(cases.map(([path, each]) => [path, judge(each)]));
const withOutcome = (outcome: Verdict["outcome"]): string[] =>
  [...verdicts].filter(([, verdict]) => verdict.outcome === outcome).map(([path]) => path);

describe("the conformance suite of CEL", () => {
  test("has been run", () => {
    expect(cases.length).toBe(verdicts.size);
    expect([withOutcome("passed").length, withOutcome("failed").length, withOutcome("skipped").length]).toEqual([
      1592, 27, 366,
    ]);
  });

  test("passes, but for the known failures", () => {
    const failures = [...verdicts].filter(
      ([path, verdict]) => verdict.outcome === "failed" && !Object.hasOwn(KNOWN_FAILURES, path),
    );
    expect(failures.map(([path, verdict]) => `${path}: ${verdict.reason}`)).toEqual([]);
  });

  test("still fails where it is known to", () => {
    expect(Object.keys(KNOWN_FAILURES).filter((path) => verdicts.get(path)?.outcome !== "failed")).toEqual([]);
  });

  test("comes to the types that the reference implementation comes to", () => {
    const different: string[] = [];
    let same = 0;
    for (const [expr, type] of inferredTypes(conformance)) {
      const found = typeOf(expr);
      if (found === type) same += 1;
      else if (found !== undefined) different.push(`${expr}: ${found}, not ${type}`);
    }
    expect(different).toEqual([
      "optional.of({'c': {}}).c.missing.or(optional.none()[0]).orValue('default value'): dyn, not string",
      "[optional.of(1), null][0]: dyn, not null_type",
    ]);
    expect(same).toBe(1_365);
  });
});

/** Expressions without variables and the types that cel-go's checker finds for them. Types of types are left out: one is as good as any. */
function* inferredTypes(suite: Suite): Generator<[string, string]> {
  for (const { original, type } of suite.tests ?? []) {
    const { expr, typeEnv } = original as Case;
    if (type === undefined || typeEnv !== undefined || type.startsWith("type(")) continue;
    yield [
      expr,
      type
        .replace("google.protobuf.Timestamp", "timestamp")
        .replace("google.protobuf.Duration", "duration")
        .replace(/^null$/, "null_type"),
    ];
  }
  for (const inner of suite.suites ?? []) yield* inferredTypes(inner);
}

function typeOf(expr: string): string | undefined {
  try {
    return formatType(compileCel(expr, { variables: {} }).resultType);
  } catch {
    return undefined;
  }
}
