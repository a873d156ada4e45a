import { expect, test } from "bun:test";
import { ownerOf } from "./owner.ts";

test("keys of a team share, keys without one do not, and neither can be taken for the other", () => {
  expect(ownerOf({ id: "a", team: "red" })).toBe(ownerOf({ id: "b", team: "red" }));
  expect(ownerOf({ id: "a", team: null })).not.toBe(ownerOf({ id: "b", team: null }));
  expect(ownerOf({ id: "red", team: null })).not.toBe(ownerOf({ id: "x", team: "red" }));
  expect(ownerOf(null)).toBe("");
});
