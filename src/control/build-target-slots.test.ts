import { expect, test } from "bun:test";
import type { GroupPolicy, RouteData } from "../domain/route/data.ts";
import type { SnapshotProvider } from "../pipeline/snapshot-data.ts";
import { buildTargetSlots } from "./build-target-slots.ts";
import { TargetSlots } from "./target-slots.ts";

const policy: GroupPolicy = { name: "weighted", slot: 0 };
const providers = [
  { name: "one", models: ["declared"] },
  { name: "two", models: [] as string[] },
] as SnapshotProvider[];

const route = (fields: Partial<RouteData> = {}): RouteData => ({
  providers: ["one", "two"],
  aliases: {},
  fallbacks: [],
  rules: [],
  ...fields,
});

test("every target that the configuration names has a place, and each provider one for the rest", () => {
  const targets = [
    { provider: "one", model: "a", weight: 1 },
    { provider: "one", model: "a", key: "spare", weight: 1 },
    { model: "two/org/b", weight: 1 },
    { provider: "two", weight: 1 },
  ];
  const aliases = {
    global: [{ name: "x", targets, policy, fallbacks: ["bare"], hidesTargets: false, isHidden: false }],
  };
  const found = buildTargetSlots(providers, route({ aliases, fallbacks: ["one/c"] }), new TargetSlots());
  expect(Object.keys(found).toSorted()).toEqual(
    [
      "one/*",
      "two/*",
      "one/declared",
      "one/a",
      "one/a#spare",
      "two/org/b",
      "two/x",
      "one/bare",
      "two/bare",
      "one/c",
    ].toSorted(),
  );
  expect(new Set(Object.values(found)).size).toBe(10);
});

test("a target keeps its place over reloads, and groups have others", () => {
  const slots = new TargetSlots();
  const first = buildTargetSlots(providers, route({ fallbacks: ["one/c"] }), slots);
  const group = slots.groupSlotOf("alias\nglobal\nx");
  const second = buildTargetSlots(providers, route({ fallbacks: ["one/d", "one/c"] }), slots);
  expect(second).toMatchObject(first);
  expect(Object.values(second)).not.toContain(group);
  expect(slots.groupSlotOf("alias\nglobal\nx")).toBe(group);
});
