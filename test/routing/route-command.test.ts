import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Decision } from "../../src/canonical/decision.ts";
import { ask, goodAnswer, startBench, type Bench } from "../faults/bench.ts";

const MAIN = new URL("../../src/compose/main.ts", import.meta.url).pathname;

const CONFIG = {
  version: 1,
  providers: { openai: { keys: [{ name: "main", value: "sk-of-the-provider-1234" }] } },
  aliases: { best: "openai/gpt-4o" },
  routing: {
    rules: [{ name: "evening", when: "now.getHours() >= 18", targets: [{ provider: "openai", model: "gpt-4o-mini" }] }],
  },
  governance: {
    virtual_keys: [
      {
        name: "app-1",
        value: "sk-tl-app-1-0123456789",
        provider_configs: [{ provider: "openai", allowed_models: ["gpt-4o"] }],
      },
    ],
  },
};

let dir = "";
let file = "";
let bench: Bench;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "trunkline-route-"));
  file = join(dir, "trunkline.yaml");
  writeFileSync(file, JSON.stringify(CONFIG));
  bench = await startBench();
});
afterAll(async () => {
  await bench.stop();
  rmSync(dir, { recursive: true, force: true });
});

function run(args: readonly string[], stdin = ""): { code: number | null; out: string; error: string } {
  const env = { PATH: process.env["PATH"] ?? "" };
  const child = Bun.spawnSync([process.execPath, MAIN, ...args], { cwd: dir, env, stdin: Buffer.from(stdin) });
  return { code: child.exitCode, out: child.stdout.toString(), error: child.stderr.toString() };
}

describe("trunkline route explain, by a config file", () => {
  test("routed: code 0, in words", () => {
    const { code, out } = run([
      "route",
      "explain",
      "best",
      "--config",
      file,
      "--key",
      "app-1",
      "--time",
      "2026-03-01T10:00Z",
    ]);
    expect(out).toContain("evening (global): no match");
    expect(out).toContain("openai/gpt-4o  (alias best, weight 1)");
    expect(out).toContain("keys main; $");
    expect(out).not.toContain("sk-of-the-provider");
    expect(code).toBe(0);
  });

  test("refused: code 1, with the reason", () => {
    const { code, out } = run([
      "route",
      "explain",
      "best",
      "--config",
      file,
      "--key",
      "app-1",
      "--time",
      "2026-03-01T19:00Z",
    ]);
    expect(out).toContain("refused with 403 model_not_allowed");
    expect(out).toContain("left out, model not allowed for this virtual key");
    expect(code).toBe(1);
  });

  test("as JSON, with a body from standard input", () => {
    const body = JSON.stringify({ messages: [{ role: "user", content: "Hi" }], max_tokens: 77 });
    const args = [
      "route",
      "explain",
      "best",
      "--config",
      file,
      "--key",
      "app-1",
      "--body",
      "-",
      "--json",
      "--draws",
      "50",
    ];
    const { code, out } = run([...args, "--time", "2026-03-01T10:00Z"], body);
    const decision = JSON.parse(out) as Decision;
    expect(decision.estimate.output_tokens).toBe(77);
    expect(decision.distribution?.first).toMatchObject([{ provider: "openai", model: "gpt-4o", count: 50 }]);
    expect(code).toBe(0);
  });

  test.each([
    ["no model", ["route", "explain"], 2],
    ["another verb", ["route", "show", "m"], 2],
    ["a header that is none", ["route", "explain", "m", "--config", "trunkline.yaml", "--header", "x"], 2],
    ["an unknown option", ["route", "explain", "m", "--provider", "x"], 2],
    ["an unknown key", ["route", "explain", "m", "--config", "trunkline.yaml", "--key", "who"], 1],
    ["a file that is not there", ["route", "explain", "m", "--config", "none.yaml"], 1],
    ["no gateway", ["route", "explain", "m", "--url", "http://127.0.0.1:9", "--token", "t"], 1],
    ["no token", ["route", "explain", "m"], 2],
  ])("%s", (_, args, wanted) => {
    const { code, error } = run(args);
    expect(error).toContain("trunkline route:");
    expect(code).toBe(wanted);
  });
});

test("of a running gateway, and its record afterwards", async () => {
  const model = bench.model("openai-chat", goodAnswer("openai-chat", false));
  const { url, adminToken } = bench.gateway;
  const { code, out } = run(["route", "explain", model, "--url", url, "--token", adminToken]);
  expect(out).toContain(`${model}  keys main; $1 in, $1 out per million`);
  expect(code).toBe(0);
  expect(run(["route", "explain", model, "--url", url, "--token", "wrong"]).error).toContain("unknown admin token");
  const { id } = await ask(bench, "openai-chat", model, { stream: false });
  await bench.gateway.records(1);
  const store = `sqlite:${join(bench.gateway.dir, "data", "trunkline.db")}`;
  const shown = run(["logs", id, "--store", store]).out;
  expect(shown).toContain('"outcome":"success"');
  expect(shown).toContain(`candidates:\n  ${model}  (model)`);
  expect(shown).toContain(`attempts:\n  ${model}#main: answered, status 200`);
  expect(run(["logs", id, "--store", store, "--json"]).out.trim().split("\n")).toHaveLength(1);
});
