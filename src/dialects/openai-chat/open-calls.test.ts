import { expect, test } from "bun:test";
import { OpenCalls } from "./open-calls.ts";

test("calls get results in order", () => {
  const calls = new OpenCalls(["a", "b"]);
  expect([calls.next(), calls.next(), calls.next()]).toEqual(["a", "b", undefined]);
});

test("a call that was answered by its id is passed over, as often as it was", () => {
  const calls = new OpenCalls(["a", "b", "a", "c"]);
  calls.answer("c");
  calls.answer("a");
  calls.answer("unknown");
  expect([calls.next(), calls.next(), calls.next()]).toEqual(["b", "a", undefined]);
});
