import { expect, test } from "bun:test";
import { parseObject } from "./parse-object.ts";

test("objects come out, everything else is null", () => {
  expect(parseObject('{"a":[1,{"b":null}]}')).toEqual({ a: [1, { b: null }] });
  for (const text of ["", "null", "1", '"x"', "[]", "{", '{"a":}', "[".repeat(100_000), "{".repeat(100)]) {
    expect(parseObject(text)).toBeNull();
  }
});

test("a large text is taken, but not one that nests or lists without end", () => {
  expect(parseObject(JSON.stringify({ audio: "A".repeat(1_000_000) }))?.["audio"]).toHaveLength(1_000_000);
  const deep = `{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
  expect(parseObject(deep)).toBeNull();
  expect(parseObject(`{"a":${"[".repeat(15_000)}${"]".repeat(15_000)}}`)).toBeNull();
  expect(parseObject(`{"a":[${"1,".repeat(300_000)}1]}`)).toBeNull();
});
