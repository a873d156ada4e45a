import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import type { ClassifyData } from "../domain/classify/data.ts";
import { ExampleDesk } from "./example-desk.ts";
import type { EmbedOrder, VectorEntry } from "./messages.ts";

const vector = Float32Array.of(1, 0);

function classifierOf(model: string, texts: string[]) {
  const examples = texts.map((text) => ({ label: "a", text, key: `key of ${text}` }));
  return { model, examples } as unknown as ClassifyData["classifiers"][number];
}

function dataOf(...texts: string[]): ClassifyData {
  return { complexity: null, classifiers: [classifierOf("p/m", texts)] };
}

/** Two classifiers, the first of a model that fails. */
function twoModels(): ClassifyData {
  return { complexity: null, classifiers: [classifierOf("p/bad", ["a", "b"]), classifierOf("p/good", ["c"])] };
}

interface Stage {
  desk: ExampleDesk;
  orders: EmbedOrder[];
  known: VectorEntry[][];
  stored: Map<string, Float32Array>;
  log: string[];
  answer(failure?: string): void;
}

function stage(): Stage {
  const stored = new Map<string, Float32Array>();
  const orders: EmbedOrder[] = [];
  const known: VectorEntry[][] = [];
  const log: string[] = [];
  const desk = new ExampleDesk({
    store: () => ({
      vectors: (keys) => new Map([...stored].filter(([key]) => keys.includes(key))),
      keepVectors: (entries) => {
        for (const [key, each] of entries) stored.set(key, each);
      },
      dropVectors: () => {},
    }),
    log: (_, message) => log.push(message),
    order: (order) => orders.push(order) > 0,
    known: (entries) => known.push(entries),
  });
  const answer = (failure?: string): void => {
    const last = orders.at(-1);
    if (last === undefined) throw new Error("nothing was ordered");
    const entries = failure === undefined ? last.texts.map(({ key }): VectorEntry => [key, vector]) : [];
    desk.take({ type: "embedded", order: last.order, entries, failure: failure ?? null });
  };
  return { desk, orders, known, stored, log, answer };
}

const textsOf = (order: EmbedOrder | undefined) => order?.texts.map(({ text }) => text);

describe("ExampleDesk", () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test("orders what the store does not have, once, and tells what is known", () => {
    const { desk, orders, known, stored, log, answer } = stage();
    stored.set("key of b", vector);
    desk.want(dataOf("a", "b"));
    expect(orders.map(textsOf)).toEqual([["a"]]);
    expect(known.at(-1)).toEqual([["key of b", vector]]);
    answer();
    expect(known.at(-1)?.map(([key]) => key)).toEqual(["key of b", "key of a"]);
    expect([...stored.keys()]).toEqual(["key of b", "key of a"]);
    expect(log).toEqual(["2 examples of classifiers have their vectors"]);
    desk.want(dataOf("a", "b"));
    expect(orders).toHaveLength(1);
    desk.stop();
  });

  test("many texts go in several calls", () => {
    const { desk, orders, known, answer } = stage();
    desk.want(dataOf(...Array.from({ length: 130 }, (_, at) => `text ${at}`)));
    for (let at = 0; at < 3; at += 1) answer();
    expect(orders.map(({ texts }) => texts.length)).toEqual([64, 64, 2]);
    expect(known.at(-1)).toHaveLength(130);
    desk.stop();
  });

  test("what fails is tried again after growing pauses", () => {
    const { desk, orders, log, answer } = stage();
    desk.want(dataOf("a"));
    answer("upstream_error");
    expect([orders.length, log.length]).toEqual([1, 1]);
    jest.advanceTimersByTime(1000);
    expect(orders).toHaveLength(2);
    answer("upstream_error");
    jest.advanceTimersByTime(1999);
    expect(orders).toHaveLength(2);
    jest.advanceTimersByTime(1);
    expect(orders).toHaveLength(3);
    expect(log[1]).toContain("p/m have no vectors: upstream_error; tried again in 2 s");
    desk.stop();
  });

  test("a model that fails lets the others have their turn first", () => {
    const { desk, orders, known, answer } = stage();
    desk.want(twoModels());
    answer("upstream_error");
    jest.advanceTimersByTime(1000);
    expect(orders.map(({ model }) => model)).toEqual(["p/bad", "p/good"]);
    answer();
    expect(known.at(-1)?.map(([key]) => key)).toEqual(["key of c"]);
    expect(textsOf(orders[2])).toEqual(["a", "b"]);
    desk.stop();
  });

  test("so does one for which no answer comes", () => {
    const { desk, orders } = stage();
    desk.want(twoModels());
    jest.advanceTimersByTime(60_000);
    expect(orders.map(({ model }) => model)).toEqual(["p/bad", "p/good"]);
    desk.stop();
  });

  test("a thread that died with the order does not keep it", () => {
    const { desk, orders } = stage();
    desk.want(dataOf("a"));
    jest.advanceTimersByTime(60_000);
    expect(orders).toHaveLength(2);
    desk.stop();
  });

  test("examples that a new configuration drops are forgotten, an answer that is late does no harm", () => {
    const { desk, orders, known, answer } = stage();
    desk.want(dataOf("a"));
    desk.want(dataOf("b"));
    answer();
    expect(known.at(-1)).toEqual([]);
    expect(textsOf(orders.at(-1))).toEqual(["b"]);
    answer();
    expect(known.at(-1)?.map(([key]) => key)).toEqual(["key of b"]);
    desk.stop();
  });
});
