import { expect, test } from "bun:test";
import type { ProviderManifest, Wire } from "../canonical/provider.ts";
import type { ProviderKeyData } from "../domain/balance/keys.ts";
import { ReadyKey } from "./provider-key.ts";
import type { SnapshotProvider } from "./snapshot-data.ts";

const wire: Wire = { dialect: "anthropic-messages", operations: ["chat"], basePath: "/anthropic/v1" };

function keyOf(manifestUrl: string, baseUrl: string, settings: Record<string, string> = {}): ReadyKey {
  const manifest: ProviderManifest = {
    name: "p",
    title: "P",
    docs: "https://p.example",
    baseUrl: manifestUrl,
    auth: { type: "bearer" },
    headers: {},
    wires: [wire],
    forwardHeaders: [],
    keyVariables: [],
  };
  const provider: SnapshotProvider = {
    name: "p",
    manifest,
    headers: {},
    settings: {},
    models: [],
    network: {
      connectTimeoutMs: 1,
      firstByteTimeoutMs: 1,
      idleTimeoutMs: 1,
      maxRetries: 0,
      backoffInitialMs: 1,
      backoffMaxMs: 1,
      maxResponseBytes: 1,
      ca: null,
    },
    keys: [],
  };
  const data: ProviderKeyData = {
    name: "main",
    value: "k",
    fields: {},
    settings,
    baseUrl,
    weight: 1,
    models: ["*"],
    blockedModels: [],
    slot: 0,
  };
  return new ReadyKey(data, provider);
}

test.each([
  ["the manifest's own address", "https://p.example/v1", "https://p.example/v1", "/anthropic/v1/messages"],
  ["a longer path", "https://p.example/api/paas/v4", "https://p.example/api/paas/v4", "/anthropic/v1/messages"],
  ["no path", "https://p.example", "https://p.example", "/anthropic/v1/messages"],
  ["a proxy before it", "https://p.example/v1", "http://proxy/p/v1", "/p/anthropic/v1/messages"],
  ["another address without a path", "https://p.example/v1", "http://127.0.0.1:9", "/anthropic/v1/messages"],
  ["another address with another path", "https://p.example/v1", "http://h/beta", "/beta/anthropic/v1/messages"],
])("a wire's own base path: %s", (_name, manifestUrl, baseUrl, path) => {
  expect(keyOf(manifestUrl, baseUrl).pathOf("/messages", wire)).toBe(path);
});

test("a wire without one goes below the base URL", () => {
  const plain: Wire = { dialect: "openai-chat", operations: ["chat"] };
  expect(keyOf("https://p.example/v1", "http://h/p/v1/").pathOf("/messages", plain)).toBe("/p/v1/messages");
});

test("a setting in the address is filled before paths are compared", () => {
  const key = keyOf("https://{host}/{tenant}/v1", "https://h/t/v1", { host: "h", tenant: "t" });
  expect(key.pathOf("/messages", wire)).toBe("/anthropic/v1/messages");
});
