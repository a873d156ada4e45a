import { expect, test } from "bun:test";
import { nearestEffort } from "./nearest-effort.ts";

test.each([
  ["low", ["low", "high"], "low"],
  ["minimal", ["none", "low", "medium"], "low"],
  ["max", ["low", "medium", "high"], "high"],
  ["none", ["minimal", "low"], "minimal"],
  ["medium", ["low", "high"], "high"],
] as const)("%s among %p: %s", (effort, efforts, found) => {
  expect(nearestEffort(effort, efforts)).toBe(found);
});
