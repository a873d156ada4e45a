import { afterEach, beforeEach, expect, test } from "bun:test";
import { listingProvider } from "./fixtures/listing-provider.ts";
import { ModelLists, pauseAfter, type LiveModels } from "./model-lists.ts";

let server: Bun.Server<undefined>;
let lists: ModelLists;
/** What providers answer, by the first part of the path; null: an error. */
let answers: Record<string, string[] | null>;
let told: LiveModels[];
let asked: string[];
let waited: number[];

beforeEach(() => {
  answers = {};
  told = [];
  asked = [];
  waited = [];
  server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: ({ url }) => answerFor(url) });
  lists = new ModelLists({
    signers: new Map(),
    log: () => {},
    changed: (live) => told.push(live),
    pause: (failures) => {
      waited.push(failures);
      return 5;
    },
  });
});
afterEach(async () => {
  lists.stop();
  await server.stop(true);
});

function answerFor(url: string): Response {
  const [, name = ""] = new URL(url).pathname.split("/");
  asked.push(name);
  const ids = answers[name] ?? null;
  return ids === null ? new Response("no", { status: 401 }) : Response.json(ids.map((id) => ({ id })));
}

const provider = (name: string, part = name) =>
  listingProvider(name, `http://127.0.0.1:${server.port}/${part}`, { path: "/models", id: "id" });

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await Bun.sleep(1);
}

test("a provider that fails at first is asked again, and the others do not wait for it", async () => {
  answers = { good: ["a"], bad: null };
  lists.follow([provider("good"), provider("bad")]);
  await until(() => asked.filter((name) => name === "bad").length >= 3);
  expect(lists.live).toEqual([["good", ["a"]]]);
  answers["bad"] = ["b"];
  await until(() => told.length === 2);
  expect(told.at(-1)).toEqual([
    ["good", ["a"]],
    ["bad", ["b"]],
  ]);
});

test("a provider that fails later keeps its list, and its failures are counted from one answer to the next", async () => {
  answers = { p: ["a"] };
  lists.follow([provider("p")]);
  await until(() => told.length === 1);
  answers["p"] = null;
  await until(() => waited.includes(2));
  expect(lists.live).toEqual([["p", ["a"]]]);
  answers["p"] = ["a", "b"];
  await until(() => told.length === 2);
  await until(() => waited.at(-1) === 0);
  expect(lists.live).toEqual([["p", ["a", "b"]]]);
});

test("a list that has not changed is not told again", async () => {
  answers = { p: ["a"] };
  lists.follow([provider("p")]);
  await until(() => asked.length >= 4);
  expect(told).toHaveLength(1);
});

test("what is followed anew keeps its list until the next answer", async () => {
  answers = { p: ["a"], q: ["b"] };
  lists.follow([provider("p"), provider("q")]);
  await until(() => told.length === 2);
  answers = {};
  lists.follow([provider("p")]);
  expect(lists.live).toEqual([["p", ["a"]]]);
  expect(told.at(-1)).toEqual([["p", ["a"]]]);
});

test("the list of an address that is no longer the provider's goes at once", async () => {
  answers = { p: ["a"], elsewhere: null };
  lists.follow([provider("p")]);
  await until(() => told.length === 1);
  lists.follow([provider("p", "elsewhere")]);
  expect(told.at(-1)).toEqual([]);
});

test("an answer that comes after the end, or after a newer order, changes nothing", async () => {
  answers = { p: ["a"], newer: ["b"] };
  lists.follow([provider("p")]);
  lists.follow([provider("p", "newer")]);
  await until(() => told.length > 0);
  await until(() => asked.filter((name) => name === "newer").length >= 3);
  expect(told).toEqual([[["p", ["b"]]]]);
  lists.follow([provider("p")]);
  lists.stop();
  const calls = told.length;
  await Bun.sleep(50);
  expect(told).toHaveLength(calls);
});

test("the pause is an hour, and after failures doubles from a second up to the hour", () => {
  expect([0, 1, 2, 3, 12, 13, 5000].map(pauseAfter)).toEqual([
    3_600_000, 1000, 2000, 4000, 2_048_000, 3_600_000, 3_600_000,
  ]);
});
