import { expect, test } from "bun:test";
import { InTurn } from "./in-turn.ts";

test("so many at a time, in order, whether they fail or not", async () => {
  const turns = new InTurn(2);
  const begun: number[] = [];
  const tasks = [0, 1, 2, 3].map(() => Promise.withResolvers<number>());
  const results = tasks.map(({ promise }, at) =>
    turns.run(() => {
      begun.push(at);
      return promise;
    }),
  );
  expect(begun).toEqual([0, 1]);
  tasks[1]?.reject(new Error("no"));
  expect(await results[1]?.catch((error: Error) => error.message)).toBe("no");
  expect(begun).toEqual([0, 1, 2]);
  for (const [at, { resolve }] of tasks.entries()) resolve(at);
  expect(await Promise.all([results[0], results[2], results[3]])).toEqual([0, 2, 3]);
  expect(begun).toEqual([0, 1, 2, 3]);
  await turns.run(() => Promise.resolve());
});
