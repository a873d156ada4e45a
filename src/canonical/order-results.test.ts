import { expect, test } from "bun:test";
import { orderResults } from "./order-results.ts";
import type { Item } from "./request.ts";

/** `u` a user's message, `a` the assistant's, an upper-case letter a call, the lower-case one in parentheses its result. */
function itemsOf(plan: string): Item[] {
  return plan.split(" ").map((word): Item => {
    if (word === "u" || word === "a") {
      return { type: "message", role: word === "u" ? "user" : "assistant", content: [{ type: "text", text: word }] };
    }
    const id = word.replace(/\W/g, "").toUpperCase();
    return word.startsWith("(")
      ? { type: "tool_result", callId: id, kind: "function", content: [{ type: "text", text: id }] }
      : { type: "tool_call", callId: id, name: "f", kind: "function", arguments: "{}" };
  });
}

test.each([
  ["u A (a) u", "u A (a) u"],
  ["A B (b) (a) u", "A B (b) (a) u"],
  ["A a (a) B (b)", "A a (a) B (b)"],
  ["A u (a) u", "A (a) u u"],
  ["A B (a) u (b)", "A B (a) (b) u"],
  ["A u B (a) (b)", "A (a) u B (b)"],
  ["A B (a) C (b) (c)", "A B (a) (b) C (c)"],
  ["A u A (a) (a)", "A (a) u A (a)"],
  ["A u (x)", "A u (x)"],
])("%s becomes %s", (plan, wanted) => {
  expect(orderResults(itemsOf(plan))).toEqual(itemsOf(wanted));
});
