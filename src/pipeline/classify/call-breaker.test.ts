import { expect, test } from "bun:test";
import { CallBreaker } from "./call-breaker.ts";

test("five failures in a row stop the calls; a probe at a time tries again, after pauses that grow; a success ends it", () => {
  const breaker = new CallBreaker();
  for (let at = 0; at < 4; at += 1) breaker.noteFailure(0);
  breaker.noteSuccess();
  for (let at = 0; at < 4; at += 1) breaker.noteFailure(0);
  expect(breaker.mayCall(0)).toBe(true);
  breaker.noteFailure(0);
  expect([breaker.mayCall(0), breaker.mayCall(999), breaker.mayCall(1000), breaker.mayCall(1001)]).toEqual([
    false,
    false,
    true,
    false,
  ]);
  breaker.noteFailure(1000);
  expect([breaker.mayCall(2999), breaker.mayCall(3000)]).toEqual([false, true]);
  breaker.noteSuccess();
  expect([breaker.mayCall(3001), breaker.mayCall(3001)]).toEqual([true, true]);
});
