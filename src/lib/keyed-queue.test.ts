import { expect, test } from "bun:test";
import { KeyedQueue } from "./keyed-queue.ts";

test("values come in order, by any of their keys, and once", () => {
  const queue = new KeyedQueue<number>();
  queue.add(1, ["a", "odd"]);
  queue.add(2, ["a"]);
  queue.add(3, ["b", "odd"]);
  queue.add(4, []);
  expect(queue.takeBy("a")).toBe(1);
  expect(queue.takeBy("odd")).toBe(3);
  expect([queue.takeBy("odd"), queue.takeBy("b"), queue.takeBy("none")]).toEqual([undefined, undefined, undefined]);
  expect([queue.take(), queue.take(), queue.take()]).toEqual([2, 4, undefined]);
  expect(queue.takeBy("a")).toBeUndefined();
  queue.add(5, ["a"]);
  expect(queue.takeBy("a")).toBe(5);
});

test("one that is emptied from its end is no slower", () => {
  const queue = new KeyedQueue<number>();
  const count = 200_000;
  for (let at = 0; at < count; at += 1) queue.add(at, [`${at}`, "all"]);
  for (let at = count - 1; at > 0; at -= 1) expect(queue.takeBy(`${at}`) === at).toBe(true);
  expect(queue.takeBy("all")).toBe(0);
});
