import { describe, expect, test } from "bun:test";
import { DEFAULT_WEIGHTS } from "../canonical/complexity.ts";
import { loadConfig } from "../domain/config/index.ts";
import { buildClassify } from "./build-classify.ts";

function build(config: Record<string, unknown>) {
  return buildClassify(loadConfig({ text: JSON.stringify(config), env: { TOKEN: "secret" }, manifests: [] }).config);
}

describe("complexity", () => {
  test("is there when it is enabled, with what was changed", () => {
    expect(build({ routing: {} }).complexity).toBeNull();
    const complexity = {
      enabled: true,
      weights: { tools: 0 },
      words: { simple: ["ping"] },
      more_words: { simple: ["pong"], technical: ["flux capacitor"] },
      memory: { mode: "sticky", ttl_seconds: 5 },
    };
    const built = build({ routing: { complexity } }).complexity;
    expect(built?.weights).toEqual({ ...DEFAULT_WEIGHTS, tools: 0 });
    expect(built?.words.simple).toEqual(["ping", "pong"]);
    expect(built?.words.technical).toContain("algorithm");
    expect(built?.words.technical.at(-1)).toBe("flux capacitor");
    expect(built?.memory).toEqual({ mode: "sticky", ttlMs: 5000 });
  });
});

describe("classifiers", () => {
  const embedding = { kind: "embedding", model: "own/m", labels: { a: ["one"], b: ["two"] } };
  const providerAt = (port: number) => ({
    own: { dialect: "openai-chat", base_url: `http://127.0.0.1:${port}/v1`, keyless: true },
  });
  const keysOf = (port: number, model = "own/m") =>
    build({
      providers: providerAt(port),
      routing: { classifiers: { it: { ...embedding, model } } },
    }).classifiers[0]?.examples.map(({ key }) => key) ?? [];

  test("vectors are kept by text, model and address", () => {
    expect(keysOf(1)).toHaveLength(2);
    expect(keysOf(1)).toEqual(keysOf(1));
    for (const other of [keysOf(2), keysOf(1, "own/m2")])
      expect(other.some((key) => keysOf(1).includes(key))).toBe(false);
  });

  test("labels end with the default, times depend on the kind, secrets are revealed for the call alone", () => {
    const http = {
      kind: "http",
      url: "http://127.0.0.1:1/x",
      labels: { a: [] },
      headers: { Authorization: "env.TOKEN" },
    };
    const model = { kind: "model", model: "own/m", labels: { a: ["first", "letter"] }, default: "a" };
    const [first, second] = build({ providers: providerAt(1), routing: { classifiers: { http, model } } }).classifiers;
    expect(first).toMatchObject({
      labels: ["a", "other"],
      timeoutMs: 300,
      endpoint: { url: "http://127.0.0.1:1/x", headers: { authorization: "secret" } },
    });
    expect(second).toMatchObject({ labels: ["a"], timeoutMs: 1500, meanings: { a: "first letter" }, examples: [] });
  });
});
