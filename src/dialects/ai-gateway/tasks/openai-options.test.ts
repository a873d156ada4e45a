import { expect, test } from "bun:test";
import type { Json } from "../../../canonical/json.ts";
import { OpenAiOptions } from "./openai-options.ts";
import { encodeProviderOptions } from "./provider-options.ts";

const optionsOf = (providerOptions: Json): OpenAiOptions =>
  new OpenAiOptions({ body: { providerOptions }, form: null });

test("what was read is not left, what was not is: also a value of another kind, and a list with other words in it", () => {
  const options = optionsOf({ openai: { a: "x", b: 2, c: ["word"], d: 5, e: ["word", "y"] }, fal: { f: 1 } });
  expect([options.text("a"), options.number("b"), options.text("d")]).toEqual(["x", 2, undefined]);
  expect(options.words("c", ["word", "segment"])).toEqual(["word"]);
  expect(options.words("e", ["word", "segment"])).toEqual(["word"]);
  expect(options.rest()).toEqual({ providerOptions: { openai: { d: 5, e: ["word", "y"] }, fal: { f: 1 } } });
});

test("options that say nothing leave nothing", () => {
  for (const nothing of [null, {}, { openai: {} }, { openai: null, google: {} }])
    expect(optionsOf(nothing).rest()).toEqual({});
  const all = optionsOf({ openai: { a: "x" } });
  all.text("a");
  expect(all.rest()).toEqual({});
});

test("what are no options at all is left as it came", () => {
  for (const garbage of ["x", 5, [1]]) expect(optionsOf(garbage).rest()).toEqual({ providerOptions: garbage });
  expect(optionsOf({ openai: "x" }).rest()).toEqual({ providerOptions: { openai: "x" } });
});

test("a client's own options stand above those that are encoded, and beside them", () => {
  const kept = { providerOptions: { openai: { style: "vivid", user: "u" }, fal: { f: 1 } } };
  expect(encodeProviderOptions({ openai: { quality: "high", user: "v" }, google: {} }, kept)).toEqual({
    providerOptions: { openai: { quality: "high", user: "u", style: "vivid" }, fal: { f: 1 } },
  });
  expect(encodeProviderOptions({ openai: {} }, undefined)).toEqual({});
});
