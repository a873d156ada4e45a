import { describe, expect, test } from "bun:test";
import { scanTopLevel, type ScanResult } from "../json-scan.ts";
import { StepwiseJson, type StepOutcome, type StepwiseLimits } from "./stepwise-json.ts";

const LIMITS: StepwiseLimits = { depth: 200, values: 200_000, numberLength: 1000 };
const PIECE = 512 * 1024;

interface Parsed {
  outcome: StepOutcome;
  json: unknown;
  scan: ScanResult;
  steps: number;
}

function parsed(text: string, limits: Partial<StepwiseLimits> = {}): Parsed {
  const parser = new StepwiseJson(text, { ...LIMITS, ...limits });
  for (let steps = 1; ; steps += 1) {
    const outcome = parser.step();
    if (outcome !== "more") return { outcome, json: parser.json, scan: parser.scan, steps };
  }
}

/** Texts in which the end of the first step falls at every place of `part`. */
function* around(part: string, wrap: (part: string, padding: string) => string): Generator<string> {
  const before = wrap(part, "").indexOf(part);
  for (let shift = 0; shift <= part.length; shift += 1) yield wrap(part, " ".repeat(PIECE - before - shift));
}

const PARTS: readonly [name: string, part: string, wrap: (part: string, padding: string) => string][] = [
  ["members", '"a":1,"b":[true,null,{"c":"d"}],"e":{"f":{}},"g":[]', (part, padding) => `${padding}{${part}}`],
  [
    "elements",
    '1,-2.5e+3,"x",[],{},[[[1,[2]],3]],{"a":{"b":[{"c":4}]}}',
    (part, padding) => `${padding}{"l":[${part}]}`,
  ],
  [
    "escapes",
    String.raw`\\\"\/\b\u4e2d\\\\\ud83d\ude00\\u0041\n`,
    (part, padding) => `{"s":"${padding}${part}","t":1}`,
  ],
  ["a key", String.raw`k\u00e9\\\"y`, (part, padding) => `{"o":{"a":1,"${padding}${part}":{"x":[1]},"z":2}}`],
  ["a key of the root", String.raw`k\u00e9\\y`, (part, padding) => `{"${padding}${part}":[1,{"a":2}],"z":2}`],
  ["spaces", ' \n\t\r{ "a" : [ 1 , 2 ] , "b" : { } } ', (part, padding) => `${padding}{"v":${part}}`],
  [
    "names of the language",
    '"__proto__":{"a":1},"constructor":2,"1":3,"0":4',
    (part, padding) => `${padding}{"v":{${part}},${part}}`,
  ],
  ["duplicates", '"a":1,"b":2,"a":{"c":1,"c":2},"\\u0061":3', (part, padding) => `${padding}{${part}}`],
];

describe("is what JSON.parse and a scan of the whole make of it, wherever a step ends", () => {
  for (const [name, part, wrap] of PARTS) {
    test(name, () => {
      for (const text of around(part, wrap)) {
        const { outcome, json, scan, steps } = parsed(text);
        expect({ outcome, isStepwise: steps > 1 }).toEqual({ outcome: "done", isStepwise: true });
        expect(JSON.stringify(json)).toBe(JSON.stringify(JSON.parse(text)));
        expect(scan).toEqual(scanTopLevel(text, { maxDepth: 200 }));
      }
    });
  }
});

test("a member called __proto__ is a member", () => {
  const { json } = parsed(
    `{"v":{"a":"${"x".repeat(PIECE)}","__proto__":{"polluted":true}},"__proto__":{"polluted":true}}`,
  );
  const root = json as { v: object };
  expect([Object.keys(root), Object.keys(root.v)]).toEqual([
    ["v", "__proto__"],
    ["a", "__proto__"],
  ]);
  expect("polluted" in root || "polluted" in root.v || "polluted" in {}).toBe(false);
});

test("containers that are open over many steps, one within the other", () => {
  const filler = `"${"y\\n".repeat(PIECE / 2)}"`;
  const text = `{"a":[1,{"b":[2,${filler},{"c":${filler},"d":3},4],"e":5},${filler}],"f":6}`;
  const { json, steps } = parsed(text);
  expect(steps).toBeGreaterThan(4);
  expect(json).toEqual(JSON.parse(text));
});

test("many small values take several steps, few large ones as many as they are long", () => {
  const members = Array.from({ length: 20_000 }, (_, at) => `"k${at}":${at}`).join(",");
  const many = parsed(`{${members},"o":{${members}}}`);
  expect(many.steps).toBeGreaterThan(8);
  expect(many.json).toEqual(JSON.parse(`{${members},"o":{${members}}}`));
  expect(parsed(`{"a":"${"x".repeat(PIECE)}","b":1}`).steps).toBe(2);
});

/** What is no JSON by its structure, or by what stands in it. */
const BAD: readonly string[] = [
  '{"a":1,}',
  '{"a":1 "b":2}',
  '{"a" 1}',
  '{"a":}',
  '{,"a":1}',
  '{"a":[1,]}',
  '{"a":[,1]}',
  '{"a":[1 2]}',
  '{"a":[1}',
  '{"a":{]}',
  '{"a":1}}',
  '{"a":1}{}',
  '{"a":1},',
  '{"a":1} x',
  '{"a":tru}',
  '{"a":01}',
  '{"a":+1}',
  '{"a":"\\x"}',
  '{"a":"\\u12"}',
  '{"a":"\n"}',
  '{"a":1',
  '{"a":"',
  '{"a":"b',
  '{"a',
  "{",
  "{a:1}",
  "{'a':1}",
  '{"a":1 /* b */}',
  '{"a":\u00a01}',
  "{1:2}",
  '{"a":NaN}',
  '{"a":[}',
  '{"a":"b"c}',
  '{"a"::1}',
  '{"a":-}',
  "]",
  ":",
  ",",
];

describe("what is no JSON is refused", () => {
  for (const bad of BAD) {
    test(bad, () => {
      expect(() => parsed(bad)).toThrow(SyntaxError);
      expect(() => parsed(" ".repeat(PIECE - 3) + bad)).toThrow(SyntaxError);
      expect(() => parsed(`{"long":"${"\\u4e2d".repeat(PIECE / 4)}","bad":[${bad}]}`)).toThrow(SyntaxError);
    });
  }
});

test("what is no object is refused", () => {
  for (const other of ["[1]", '"a"', `"${"a".repeat(PIECE)}"`, "1", "null", "", " "]) {
    expect(() => parsed(other)).toThrow(SyntaxError);
    expect(() => parsed(" ".repeat(PIECE) + other)).toThrow(SyntaxError);
  }
});

describe("limits", () => {
  test("depth", () => {
    const nested = (depth: number): string => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
    expect(parsed(nested(200)).outcome).toBe("done");
    expect(parsed(nested(201)).outcome).toBe("too_deep");
    expect(parsed(`{"a":${"[".repeat(PIECE)}`).outcome).toBe("too_deep");
  });

  test("values", () => {
    expect(parsed('{"a":[1,2,3]}', { values: 4 }).outcome).toBe("done");
    expect(parsed('{"a":[1,2,3]}', { values: 3 }).outcome).toBe("too_many_values");
  });

  test("digits", () => {
    expect(parsed(`{"a":${"1".repeat(1000)}}`).outcome).toBe("done");
    expect(parsed(`{"a":${"1".repeat(1001)}}`).outcome).toBe("too_long_number");
  });
});
