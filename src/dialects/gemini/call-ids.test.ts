import { expect, test } from "bun:test";
import { createCallIds } from "./call-ids.ts";

test("a result without an id answers a call without one before a call that has its own", () => {
  const ids = createCallIds("call_");
  const calls = [ids.ofCall("own", "f"), ids.ofCall(undefined, "f")];
  const results = [ids.ofResult(undefined, "f"), ids.ofResult("own", "f")];
  expect(results).toEqual([calls[1] ?? "", calls[0] ?? ""]);
});

test("results of a client that drops ids answer calls in their order", () => {
  const ids = createCallIds("call_");
  ids.ofCall("a", "f");
  ids.ofCall("b", "g");
  ids.ofCall("c", "f");
  expect([ids.ofResult(undefined, "f"), ids.ofResult(undefined, "f"), ids.ofResult(undefined, "other")]).toEqual([
    "a",
    "c",
    "b",
  ]);
});
