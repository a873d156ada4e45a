import { expect, test } from "bun:test";
import { seeded } from "./fixtures/seeded.ts";
import { KeyHealth } from "./key-health.ts";
import { compileKey, orderKeys } from "./keys.ts";
import { weightedOrder } from "./weighted.ts";

const key = (
  name: string,
  slot: number,
  fields: { weight?: number; models?: string[]; blockedModels?: string[] } = {},
) =>
  compileKey({
    name,
    fields: {},
    settings: {},
    baseUrl: "https://example.com/v1",
    value: "secret",
    weight: 1,
    models: ["*"],
    blockedModels: [],
    slot,
    ...fields,
  });

test("first places follow the weights (chi-square over 100,000 draws)", () => {
  const draw = seeded(42);
  const candidates = [{ weight: 5 }, { weight: 3 }, { weight: 2 }];
  const counts = [0, 0, 0];
  for (let round = 0; round < 100_000; round += 1) {
    const first = weightedOrder(candidates, draw)[0];
    const at = candidates.findIndex((candidate) => candidate === first);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const expected = [50_000, 30_000, 20_000];
  const chi = counts.reduce((sum, count, at) => sum + (count - (expected[at] ?? 1)) ** 2 / (expected[at] ?? 1), 0);
  expect(chi).toBeLessThan(13.8);
});

test("a weight of zero is a last resort, not a choice", () => {
  const order = weightedOrder(
    [
      { id: "a", weight: 0 },
      { id: "b", weight: 1 },
    ],
    () => 0,
  );
  expect(order.map(({ id }) => id)).toEqual(["b", "a"]);
});

test("resting keys go last, and come back when their rest is over", () => {
  const health = new KeyHealth(KeyHealth.createMemory(2));
  const keys = [key("one", 0), key("two", 1)];
  health.rest(0, 1000);
  const names = (now: number) => orderKeys(keys, "m", health, now, () => 0).map((each) => each.data.name);
  expect(names(999)).toEqual(["two", "one"]);
  expect(names(1000)).toEqual(["one", "two"]);
});

test("only keys that are allowed for the model are tried", () => {
  const health = new KeyHealth(KeyHealth.createMemory(3));
  const keys = [key("all", 0), key("mini", 1, { models: ["*-mini"] }), key("not-o1", 2, { blockedModels: ["o1*"] })];
  const names = (model: string) => orderKeys(keys, model, health, 0, () => 0).map((each) => each.data.name);
  expect(names("o1-pro")).toEqual(["all"]);
  expect(names("gpt-4o-mini").toSorted()).toEqual(["all", "mini", "not-o1"]);
  expect(orderKeys([key("mini", 1, { models: ["*-mini"] })], "o1", health, 0, () => 0)).toEqual([]);
});
