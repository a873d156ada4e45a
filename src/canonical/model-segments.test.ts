import { expect, test } from "bun:test";
import { modelSegments } from "./model-segments.ts";

test.each([
  ["fal-ai/flux/dev", "fal-ai/flux/dev"],
  ["fal-ai/flux/../secret", "fal-ai/flux/secret"],
  ["../../admin", "admin"],
  ["./a//b/..", "a/b"],
  ["a%2F..%2Fb?c#d", "a%252F..%252Fb%3Fc%23d"],
])("%s", (model, path) => {
  expect(modelSegments(model).join("/")).toBe(path);
});
