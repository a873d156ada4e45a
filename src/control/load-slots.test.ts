import { expect, test } from "bun:test";
import { KEY_PLACES } from "../domain/load/layout.ts";
import { LoadSlots } from "./load-slots.ts";

const names = (count: number, from = 0): string[] => Array.from({ length: count }, (_, at) => `key-${from + at}`);

test("providers and keys keep their places; those of keys that are gone are given to others once there are no new ones", () => {
  const load = new LoadSlots();
  expect(load.placesOf("one", ["a", "b"])).toEqual([1, 2]);
  expect(load.placesOf("two", ["a"])).toEqual([1]);
  expect([load.slotOf("one"), load.slotOf("two"), load.slotOf("one")]).toEqual([0, 1, 0]);
  expect(load.placesOf("one", ["c", "b"])).toEqual([3, 2]);
  const many = load.placesOf("one", names(KEY_PLACES - 1));
  expect(new Set(many).size).toBe(KEY_PLACES - 1);
  expect(Math.min(...many)).toBe(1);
  expect(() => load.placesOf("one", names(KEY_PLACES))).toThrow("at most 95 keys");
});

test("a provider that has no limit any more lets everything through", async () => {
  const load = new LoadSlots();
  const slot = load.slotOf("one");
  const [known] = load.gates();
  const take = (): number | undefined => known?.gate.take(0, [0]);
  const limits = { limit: 1, queue: 0, keys: [] };
  const provider = { name: "one", bounds: { gate: { slot, patienceMs: 1, limits }, limits: [], keys: {} } };
  load.apply([provider as never]);
  expect([take(), take()]).toEqual([0, -1]);
  load.apply([]);
  expect(take()).toBe(0);
});
