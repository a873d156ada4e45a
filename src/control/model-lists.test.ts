import { afterAll, beforeAll, expect, test } from "bun:test";
import type { ProviderManifest } from "../canonical/provider.ts";
import type { SnapshotProvider } from "../pipeline/snapshot-data.ts";
import { fetchModelLists } from "./model-lists.ts";

let server: Bun.Server<undefined>;
let answer: unknown;

beforeAll(() => {
  server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => Response.json(answer) });
});

afterAll(() => server.stop(true));

function provider(models: NonNullable<ProviderManifest["models"]>): SnapshotProvider {
  const baseUrl = `http://127.0.0.1:${server.port}/v1`;
  return {
    name: "p",
    manifest: {
      name: "p",
      title: "P",
      docs: "https://p.example",
      baseUrl,
      auth: { type: "bearer" },
      headers: {},
      wires: [{ dialect: "openai-chat", operations: ["chat"] }],
      forwardHeaders: [],
      keyVariables: [],
      models,
    },
    headers: {},
    settings: {},
    models: [],
    network: {
      connectTimeoutMs: 1000,
      firstByteTimeoutMs: 1000,
      idleTimeoutMs: 1000,
      maxRetries: 0,
      backoffInitialMs: 1,
      backoffMaxMs: 1,
      maxResponseBytes: 1000,
      ca: null,
    },
    keys: [
      {
        name: "main",
        value: "k",
        fields: {},
        settings: {},
        baseUrl,
        weight: 1,
        models: ["*"],
        blockedModels: [],
        slot: 0,
      },
    ],
  };
}

const path = "/models";

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
  expect(await fetchModelLists([provider(models)], { signers: new Map(), log: () => {} })).toEqual([["p", ids]]);
});

test("an answer that is no list leaves the provider out, and is logged", async () => {
  answer = { error: "no" };
  const lines: string[] = [];
  const log = (_level: string, message: string): void => void lines.push(message);
  expect(await fetchModelLists([provider({ path, id: "id" })], { signers: new Map(), log })).toEqual([]);
  expect(lines).toHaveLength(1);
});
