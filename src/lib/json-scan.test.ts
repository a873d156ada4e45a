import { describe, expect, test } from "bun:test";
import { scanTopLevel, spliceValue } from "./json-scan.ts";

const WIDE = { maxDepth: 1_000_000 };

/** Small deterministic generator (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Next = (below: number) => number;

const KEYS = [
  "model",
  "m\\u006fdel",
  "a",
  "",
  "\\\\",
  '\\"',
  "__proto__",
  "a\\\\",
  "ключ",
  "constructor",
  "x{",
  "y[",
  "z:,}",
];
const STRINGS = [
  ...KEYS,
  "a long text that is searched and not walked",
  `${"\\\\".repeat(9)}\\"`,
  '\\"{[}]',
  "\\u0022",
  "🦜\\n",
];
const SCALARS = ["0", "-1.5e+9", "true", "false", "null", "12345678901234567890"];
const SPACES = ["", "", "", " ", "\n", "\t\r\n  "];

const pick = <T>(next: Next, list: readonly T[]): T => list[next(list.length)] as T;

/** JSON text of a random value, with random space, and its depth. */
function randomValue(next: Next, room: number): { text: string; depth: number } {
  const kind = next(room > 0 ? 4 : 2);
  if (kind === 0) return { text: `"${pick(next, STRINGS)}"`, depth: 0 };
  if (kind === 1) return { text: pick(next, SCALARS), depth: 0 };
  const values = Array.from({ length: next(4) }, () => randomValue(next, room - 1));
  const space = () => pick(next, SPACES);
  const members = values.map(({ text }) => {
    const name = kind === 2 ? `"${pick(next, STRINGS)}"${space()}:` : "";
    return `${space()}${name}${space()}${text}${space()}`;
  });
  const [open, close] = kind === 2 ? ["{", "}"] : ["[", "]"];
  return { text: `${open}${members.join(",")}${close}`, depth: 1 + Math.max(0, ...values.map((value) => value.depth)) };
}

function randomObject(next: Next): { text: string; keys: string[]; depth: number } {
  const space = () => pick(next, SPACES);
  const keys = Array.from({ length: next(6) }, () => pick(next, KEYS));
  const values = keys.map(() => randomValue(next, 4));
  const members = keys.map((key, at) => `${space()}"${key}"${space()}:${space()}${values[at]?.text}${space()}`);
  return {
    text: `${space()}{${members.length === 0 ? space() : members.join(",")}}${space()}`,
    keys: keys.map((key) => JSON.parse(`"${key}"`) as string),
    depth: 1 + Math.max(0, ...values.map((value) => value.depth)),
  };
}

describe("against JSON.parse", () => {
  test("spans, duplicates and depth of random objects", () => {
    const next = random(3);
    for (let round = 0; round < 3_000; round++) {
      const { text, keys, depth } = randomObject(next);
      const parsed = JSON.parse(text) as Record<string, unknown>;
      const result = scanTopLevel(text, WIDE);
      expect(new Set(result.spans.keys())).toEqual(new Set(keys));
      for (const [key, { start, end }] of result.spans) expect(JSON.parse(text.slice(start, end))).toEqual(parsed[key]);
      expect(result.duplicates).toEqual(new Set(keys.filter((key, at) => keys.indexOf(key) !== at)));
      expect({ text, depth: result.depth, tooDeep: result.tooDeep }).toEqual({ text, depth, tooDeep: false });
    }
  });

  test("splicing a value is parsing and setting it", () => {
    const next = random(5);
    for (let round = 0; round < 2_000; round++) {
      const { text } = randomObject(next);
      const { spans } = scanTopLevel(text, WIDE);
      const replacement = randomValue(next, 2).text;
      for (const [key, span] of spans) {
        const expected = JSON.parse(text) as Record<string, unknown>;
        Object.defineProperty(expected, key, { value: JSON.parse(replacement), enumerable: true });
        expect(JSON.parse(spliceValue(text, span, replacement))).toEqual(expected);
        // Nothing else of the text moves.
        expect(spliceValue(text, span, text.slice(span.start, span.end))).toBe(text);
      }
    }
  });

  test("depth limit at every value", () => {
    const next = random(9);
    for (let round = 0; round < 500; round++) {
      const { text, depth } = randomObject(next);
      for (let maxDepth = 0; maxDepth < 7; maxDepth++) {
        const result = scanTopLevel(text, { maxDepth });
        expect(result.tooDeep).toBe(depth > maxDepth);
        expect(result.depth).toBe(Math.min(depth, maxDepth + 1));
      }
    }
  });
});

describe("cases", () => {
  test("an escaped key counts as what it spells", () => {
    const text = '{"model":"a","m\\u006fdel":"b"}';
    const result = scanTopLevel(text, WIDE);
    expect([...result.duplicates]).toEqual(["model"]);
    expect(spliceValue(text, result.spans.get("model") ?? { start: 0, end: 0 }, '"c"')).toBe(
      '{"model":"a","m\\u006fdel":"c"}',
    );
  });

  test("the same key deeper down is no duplicate", () => {
    const result = scanTopLevel('{"model":{"model":1},"b":[{"model":2}]}', WIDE);
    expect(result.duplicates.size).toBe(0);
    expect([...result.spans.keys()]).toEqual(["model", "b"]);
  });

  test("quotes and brackets within strings are text", () => {
    const text = '{"a":"\\"}, \\"model\\": \\\\","model":"x"}';
    const span = scanTopLevel(text, WIDE).spans.get("model");
    expect(text.slice(span?.start, span?.end)).toBe('"x"');
  });

  test("an empty object", () => {
    expect(scanTopLevel(" {\n} ", WIDE)).toEqual({ spans: new Map(), duplicates: new Set(), depth: 1, tooDeep: false });
  });

  test("a string of every length before and after the walk turns to a search", () => {
    for (let length = 0; length < 64; length++) {
      for (const end of ["", "\\\\", '\\"', "\\\\\\\\", '\\\\\\"', "\\u0022"]) {
        const text = JSON.stringify({ before: 0 })
          .replace("0", `"${"x".repeat(length)}${end}"`)
          .replace("}", ',"model":1}');
        const spans = scanTopLevel(text, WIDE).spans;
        expect(text.slice(spans.get("model")?.start, spans.get("model")?.end)).toBe("1");
      }
    }
  });

  test("text that is no JSON still ends", () => {
    for (const text of [
      "",
      "{",
      '{"',
      '{"a',
      '{"a"',
      '{"a":',
      '{"a":"',
      '{"a":[',
      '{"a":"\\',
      "null",
      '"',
      "}{",
      '{"a":1,',
      '{"a":["\\',
    ]) {
      expect(scanTopLevel(text, WIDE).tooDeep).toBe(false);
    }
  });
});

/** A scan that took square time would need minutes for these; the test runner's own limit would end it. */
describe("hostile input of a megabyte", () => {
  const half = 500_000;
  const cases: [string, string, number][] = [
    ["backslashes", `{"a":"${"\\\\".repeat(half)}"}`, 1],
    ["escaped quotes", `{"a":"${'\\"'.repeat(half)}"}`, 1],
    ["runs of backslashes before quotes", `{"a":"${`${"\\\\".repeat(50)}\\"`.repeat(10_000)}"}`, 1],
    ["empty strings", `{"a":[${'"",'.repeat(half)}1]}`, 2],
    ["brackets", `{"a":${"[".repeat(half)}${"]".repeat(half)}}`, half + 1],
    ["keys", `{${Array.from({ length: 60_000 }, (_, at) => `"k${at}":1`).join()}}`, 1],
    ["duplicate keys", `{${Array.from({ length: 60_000 }, (_, at) => `"k${at % 30_000}":1`).join()}}`, 1],
    ["spaces", `{${" ".repeat(half)}"a"${" ".repeat(half)}:${" ".repeat(half)}1${" ".repeat(half)}}`, 1],
  ];
  for (const [name, text, depth] of cases) {
    test(name, () => {
      expect(scanTopLevel(text, WIDE).depth).toBe(depth);
    });
  }

  test("brackets beyond the limit end the scan there", () => {
    const result = scanTopLevel(`{"a":${"[".repeat(half)}`, { maxDepth: 100 });
    expect(result).toEqual({ spans: new Map(), duplicates: new Set(), depth: 101, tooDeep: true });
  });
});
