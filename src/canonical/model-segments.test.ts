import { expect, test } from "bun:test";
import { modelSegments } from "./model-segments.ts";

test("an id with slashes is a path of as many segments, each encoded", () => {
  expect(modelSegments("fal-ai/flux/dev")).toEqual(["fal-ai", "flux", "dev"]);
  expect(modelSegments("a%2F..%2Fb?c#d")).toEqual(["a%252F..%252Fb%3Fc%23d"]);
});

test.each(["fal-ai/flux/../secret", "../../admin", "./a", "a//b", "a/.", "a/", "..", ""])("%j is none", (model) => {
  expect(() => modelSegments(model)).toThrow("empty or dot segments");
});
