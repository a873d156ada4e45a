import { afterAll, beforeAll, expect, test } from "bun:test";
import type { ProviderManifest } from "../canonical/provider.ts";
import { fetchModelList, listsModels } from "./fetch-model-list.ts";
import { listingProvider } from "./fixtures/listing-provider.ts";

let server: Bun.Server<undefined>;
let answer: unknown;

beforeAll(() => {
  server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => Response.json(answer) });
});

afterAll(() => server.stop(true));

const path = "/models";
const provider = (models: NonNullable<ProviderManifest["models"]>) =>
  listingProvider("p", `http://127.0.0.1:${server.port}/v1`, models);

test.each<[string, unknown, NonNullable<ProviderManifest["models"]>, string[]]>([
  ["a list in a field", { data: [{ id: "a" }, { id: "b" }] }, { path, list: "data", id: "id" }, ["a", "b"]],
  ["a bare list", [{ id: "a" }], { path, id: "id" }, ["a"]],
  [
    "ids with a prefix",
    { models: [{ name: "models/a" }] },
    { path, list: "models", id: "name", stripPrefix: "models/" },
    ["a"],
  ],
  ["entries without an id", { data: [{ id: 1 }, null, { id: "a" }] }, { path, list: "data", id: "id" }, ["a"]],
])("%s", async (_name, body, models, ids) => {
  answer = body;
  expect(await fetchModelList(provider(models), new Map())).toEqual(ids);
});

test.each([
  ["no list", { error: "no" }, "its answer is no list of models"],
  ["longer than it may be", "x".repeat(64 * 1024 * 1024), "it is larger than"],
])("an answer that is %s is refused", async (_name, body, reason) => {
  answer = body;
  const refusal = await fetchModelList(provider({ path, id: "id" }), new Map()).catch(String);
  expect(refusal).toContain(reason);
});

test("a provider has no list of its own without a path to it, without a key, or with models that are declared", () => {
  const whole = provider({ path, id: "id" });
  const { models: _, ...silent } = whole.manifest;
  expect(listsModels(whole)).toBe(true);
  expect(listsModels({ ...whole, manifest: silent })).toBe(false);
  expect(listsModels({ ...whole, keys: [] })).toBe(false);
  expect(listsModels({ ...whole, models: ["m"] })).toBe(false);
});
