import { expect, test } from "bun:test";
import { LazyMap } from "./lazy-map.ts";

class Counted extends LazyMap<number> {
  copies = 0;

  override get(name: string): number | undefined {
    return name === "a" ? 1 : undefined;
  }

  override has(name: string): boolean {
    return name === "a" || name === "b";
  }

  protected *entriesOf(): Generator<[string, number]> {
    this.copies += 1;
    yield ["a", 1];
    yield ["b", 2];
  }
}

test("single entries come from the source, and all of them are copied once", () => {
  const map = new Counted();
  expect([map.get("a"), map.get("c"), map.has("b"), map.has("c"), map.copies]).toEqual([1, undefined, true, false, 0]);
  expect(map.size).toBe(2);
  expect([...map.keys()]).toEqual(["a", "b"]);
  expect([...map]).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
  expect(map.copies).toBe(1);
});
