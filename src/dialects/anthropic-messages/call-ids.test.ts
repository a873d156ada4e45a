import { expect, test } from "bun:test";
import type { ChatRequest, Item } from "../../canonical/request.ts";
import { CallIds, FreshCallIds } from "./call-ids.ts";

const request = (...ids: string[]): ChatRequest => ({
  model: "m",
  stream: false,
  tools: [],
  extensions: {},
  warnings: [],
  items: ids.map((callId): Item => ({ type: "tool_call", callId, name: "f", kind: "function", arguments: "{}" })),
});

test("ids that the conversation has already get a number that is free", () => {
  const ids = new FreshCallIds(request("a", "a_2", "b"));
  expect(["a", "a", "b", "c", "c", "a"].map((id) => ids.of(id))).toEqual(["a_3", "a_4", "b_2", "c", "c_2", "a_5"]);
});

test("very many calls of one id get one each", () => {
  const ids = new FreshCallIds(request());
  expect(new Set(Array.from({ length: 50_000 }, () => ids.of("c"))).size).toBe(50_000);
});

test("a result goes with the call that came as often before", () => {
  const ids = new CallIds();
  const seen = [ids.ofCall("f"), ids.ofResult("f"), ids.ofCall("f"), ids.ofResult("f")];
  expect(seen).toEqual(["f", "f", "f_2", "f_2"]);
});
