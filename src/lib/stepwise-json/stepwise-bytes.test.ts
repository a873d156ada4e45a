import { describe, expect, test } from "bun:test";
import { jsonInSteps, textInSteps } from "./stepwise-bytes.ts";

const PIECE = 512 * 1024;

describe("values are written as JSON.stringify does", () => {
  const long = 'quote" line\n中\u0000'.repeat(PIECE / 4);
  const VALUES: readonly [name: string, value: unknown][] = [
    ["nothing much", {}],
    ["scalars", { a: 1, b: -2.5e-7, c: true, d: false, e: null, f: "", g: Number.NaN, h: Infinity }],
    ["absent members and elements", { a: undefined, b: [undefined, 1], c: { d: undefined } }],
    ["empty containers", { a: [], b: {}, c: [[], {}], d: [[[]]] }],
    ["keys that need escapes", { 'a"\n': 1, __proto__x: 2, 中: 3, 1: 4 }],
    ["a member called __proto__", JSON.parse('{"__proto__":{"a":1},"b":2}')],
    ["long texts", { a: long, b: [long, { c: long }], d: "end" }],
    ["many small values", Array.from({ length: 100_000 }, (_, at) => ({ at, text: `<${at}>` }))],
    ["halves of surrogate pairs", { a: "\ud83d", b: "\ude00".repeat(PIECE + 3) }],
  ];
  test.each(VALUES)("%s", (_, value) => {
    const pieces = [...jsonInSteps(value)];
    expect(Buffer.concat(pieces).equals(Buffer.from(JSON.stringify(value)))).toBe(true);
    for (const { byteLength } of pieces) expect(byteLength).toBeLessThan(PIECE * 10);
  });

  test("in more steps for larger ones", () => {
    expect([...jsonInSteps({ a: "x" })]).toHaveLength(1);
    expect([...jsonInSteps({ a: "x".repeat(PIECE * 10), b: Array(PIECE).fill("xy") })].length).toBeGreaterThan(10);
  });
});

describe("texts become the bytes that they would in one piece", () => {
  test.each([
    ["", "nothing"],
    ["a".repeat(PIECE * 3 + 1), "letters"],
    ["中é😀a".repeat(PIECE), "characters of all lengths"],
    ["😀".repeat(PIECE), "pairs at the cuts"],
    [`a${"😀".repeat(PIECE)}`, "pairs across the cuts"],
  ])("%#", (text) => {
    expect(Buffer.concat([...textInSteps(text)]).equals(Buffer.from(text))).toBe(true);
  });
});
