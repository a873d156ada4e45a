import { isCelError, isCelList, isCelMap, isCelUint, run } from "@bufbuild/cel";
import { expect, test } from "bun:test";
import {
  CelError,
  CelEvalError,
  CelUint,
  type CelTypeValue,
  celTypes as t,
  compileCel,
  type CelEnvironment,
} from "./index.ts";
import { kindOf } from "./values/kind.ts";

const CASES = 3_000;
const SEED = 20_261_121;

const env: CelEnvironment = {
  variables: { i: t.int, d: t.double, s: t.string, b: t.bool, l: t.list(t.int), m: t.map(t.string, t.dyn) },
};
const values = { i: 7n, d: 2.5, s: "añ🐱b", b: true, l: [1n, 2n, 3n], m: { k: 1.5, n: "x" } };

/** A generator of numbers from 0 to 1 that always gives the same ones (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = seeded(SEED);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

const NUMBERS = [
  "0",
  "1",
  "-3",
  "9223372036854775807",
  "-9223372036854775808",
  "9007199254740993",
  "i",
  "0u",
  "5u",
  "18446744073709551615u",
  "0.0",
  "1.0",
  "-2.5",
  "1e300",
  "d",
];
const TEXTS = ["''", "'a'", "'añ🐱'", "s", "b'a'", "b'\\xff'", "null"];
const CONDITIONS = ["true", "false", "b"];
const CONTAINERS = ["[]", "[1, 2]", "[1, 'a', 2.0]", "l", "{}", "{'k': 1}", "{1: 'a', 2u: 'b', true: 'c'}", "m"];
const TIMES = ["timestamp('2026-03-01T10:00:00Z')", "duration('90s')"];
/** What the leaves of one expression are taken from: with all kinds mixed, hardly any expression has a value. */
const FAMILIES = [
  NUMBERS,
  NUMBERS.slice(0, 7),
  TEXTS,
  [...CONDITIONS, ...CONDITIONS, ...NUMBERS],
  [...CONTAINERS, "'k'", "1", "true"],
  TIMES,
  [...NUMBERS, ...TEXTS, ...CONDITIONS, ...CONTAINERS, ...TIMES],
];
const BINARY = ["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "&&", "||"];
const METHODS = ["contains", "startsWith", "endsWith"];
const FUNCTIONS = ["size", "string", "bool", "type"];
const KEYS = ["0", "1", "-3", "5u", "1.0", "0.5", "'k'", "i", "s"];
const LOOPS = ["all", "exists", "exists_one", "filter", "map"];

/** Leaves wrapped in dyn() reach the code for unknown types, plain ones that for known types. */
function expression(depth: number, open: boolean, leaves: readonly string[]): string {
  const inner = (): string => expression(depth - 1, open, leaves);
  const leaf = (from: readonly string[]): string => (open ? `dyn(${pick(from)})` : pick(from));
  const key = (): string => leaf(KEYS);
  if (depth === 0) return leaf(leaves);
  const forms: readonly (() => string)[] = [
    () => `(${inner()} ${pick(BINARY)} ${inner()})`,
    () => `(${inner()} ${pick(BINARY)} ${inner()})`,
    () => `(${inner()} ${pick(BINARY)} ${inner()})`,
    () => `(${inner()} ? ${inner()} : ${inner()})`,
    () => `${pick(["!", "-"])}(${inner()})`,
    () => `[${inner()}, ${inner()}]`,
    () => `{${pick(["'k'", "1", "true"])}: ${inner()}}`,
    () => `${inner()}[${key()}]`,
    () => `(${key()} in ${inner()})`,
    () => `${pick(["int", "uint", "double"])}(${leaf(NUMBERS)})`,
    () => `(${inner()}).k`,
    () => `has((${inner()}).k)`,
    () => `${pick(FUNCTIONS)}(${inner()})`,
    () => `(${inner()}).${pick(METHODS)}(${inner()})`,
    () => `(${inner()}).${pick(LOOPS)}(x, ${pick([`x == ${inner()}`, `x > ${inner()}`, inner(), "x"])})`,
    inner,
  ];
  return pick(forms)();
}

/** A value in words, the same for both engines; texts stand for what is not a plain value. */
function shown(value: unknown): string {
  if (isCelUint(value) || value instanceof CelUint) return `uint ${value.value}`;
  if (isCelList(value) || Array.isArray(value)) return `[${[...value].map(shown).join(", ")}]`;
  if (isCelMap(value)) return shownMap([...value.entries()]);
  switch (typeof value) {
    case "bigint":
      return `int ${value}`;
    case "number":
      return Object.is(value, -0) ? "double 0" : `double ${value}`;
    case "object":
      return shownObject(value);
    default:
      return Bun.inspect(value);
  }
}

function shownMap(entries: readonly (readonly [unknown, unknown])[]): string {
  return `{${entries
    .map(([key, value]) => `${shown(key)}: ${shown(value)}`)
    .toSorted()
    .join(", ")}}`;
}

function shownObject(value: object | null): string {
  if (value === null) return "null";
  if (value instanceof Uint8Array) return `bytes ${value.toHex()}`;
  if (kindOf(value) === "map" && Symbol.iterator in value)
    return shownMap([...(value as Iterable<[unknown, unknown]>)]);
  if ("kind" in value && "name" in value) return `type ${String(value.name)}`;
  if (kindOf(value) === "type") return `type ${(value as CelTypeValue).name}`;
  if (Object.getPrototypeOf(value) === Object.prototype) return shownMap(Object.entries(value));
  return "time";
}

function ours(source: string): string {
  try {
    return shown(compileCel(source, env).evaluate(values));
  } catch (error) {
    if (error instanceof CelEvalError) return "error";
    if (error instanceof CelError) return "refused";
    throw error;
  }
}

function theirs(source: string): string {
  const result = run(source, values);
  return isCelError(result) ? "error" : shown(result);
}

/**
 * Where the other implementation goes its own way: it folds `!!x` and `--x` whatever x is, and refuses has() for times.
 * What it makes of texts that are no numbers, of odd keys in maps and of bools as indexes is not generated.
 */
const ELSEWHERE = /!\(!\(|-\(-\(|has\(.*(timestamp|duration)|has\(.*null/;

test(`agrees with another implementation on ${CASES} random expressions`, () => {
  const different: string[] = [];
  const counts = { error: 0, refused: 0, value: 0 };
  for (let at = 0; at < CASES; at += 1) {
    const source = expression(1 + Math.floor(random() * 3), at % 3 > 0, pick(FAMILIES));
    const found = ours(source);
    counts[found === "error" || found === "refused" ? found : "value"] += 1;
    const wanted = found === "refused" || ELSEWHERE.test(source) ? found : theirs(source);
    if (found !== wanted) different.push(`${source}: ${found}, not ${wanted}`);
  }
  expect(different).toEqual([]);
  expect(counts.value).toBeGreaterThan(CASES / 5);
  expect(counts.error).toBeGreaterThan(CASES / 10);
});
