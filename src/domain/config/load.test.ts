import { describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENV, load, problemsOf, told } from "./fixtures/load.ts";
import { MANIFESTS } from "./fixtures/manifests.ts";
import { loadConfig } from "./index.ts";

const FULL = readFileSync(new URL("fixtures/full.yaml", import.meta.url), "utf8");

describe("a whole file", () => {
  test("is read with defaults and references", () => {
    const { config, warnings, file } = load(FULL);
    expect(warnings).toEqual([]);
    expect(file).toBe("t.yaml");
    expect(config.server).toMatchObject({
      port: 8080,
      threads: 2,
      request_timeout_ms: 600_000,
      max_body_bytes: 33_554_432,
    });
    expect(config.providers["openai"]?.keys[1]?.value?.reveal()).toBe("openai-secret-2");
    expect(config.providers["openai"]?.network).toMatchObject({
      connect_timeout_ms: 4000,
      idle_timeout_ms: 60_000,
      max_retries: 1,
    });
    expect(config.providers["my-vllm"]).toMatchObject({ base_url: "http://10.0.0.5:8000/v1", keyless: true });
    expect(config.providers["my-vllm"]?.headers["X-Tenant"]?.reveal()).toBe("tenant-secret");
    expect(config.aliases["best-model"]).toEqual({
      targets: [{ model: "anthropic/claude-sonnet-4-5", weight: 1 }],
      policy: "weighted",
      fallbacks: [],
      hidden: false,
      hide_targets: false,
    });
    const [app, batch] = config.governance.virtual_keys;
    expect(app?.value?.reveal()).toBe(ENV.APP1_KEY);
    expect(app?.budgets.map((budget) => budget.period)).toEqual([
      { count: 1, unit: "d" },
      { count: 1, unit: "never" },
    ]);
    expect(app?.rate_limits[1]?.window).toEqual({ count: 30, unit: "s" });
    expect(app?.expires_at).toBe(Date.parse("2098-12-31T22:00:00Z"));
    expect(app?.provider_configs[1]).toEqual({
      provider: "anthropic",
      weight: 0.2,
      allowed_models: ["*"],
      budgets: [],
      rate_limits: [],
    });
    expect(batch).toMatchObject({ access_profile: "batch", enabled: true });
  });

  test("reads the same from JSON", () => {
    const value: unknown = Bun.YAML.parse(FULL);
    expect(load(JSON.stringify(value, null, 2)).config).toEqual(load(FULL).config);
  });

  test("nothing at all is a config too", () => {
    for (const text of ["", "# only a comment\n", "{}", "null"]) {
      expect(load(text, { env: {} }).config.server).toMatchObject({ host: "127.0.0.1", port: 8080, threads: "auto" });
    }
  });

  test("a file on disk with nothing in it is refused: it may be half written", () => {
    const file = join(mkdtempSync(join(tmpdir(), "trunkline-config-")), "trunkline.yaml");
    for (const text of ["", "\n  \n", "# only a comment\n"]) {
      writeFileSync(file, text);
      expect(() => loadConfig({ file, env: {}, manifests: MANIFESTS })).toThrow("the file is empty");
    }
    writeFileSync(file, "version: 1\n");
    expect(loadConfig({ file, env: {}, manifests: MANIFESTS }).config.version).toBe(1);
  });

  test("secrets show nowhere", () => {
    const { config } = load(FULL);
    const shown = [
      JSON.stringify(config),
      Bun.inspect(config, { depth: 20 }),
      String(config.store.url),
      "".concat(config.access.admin_token as unknown as string),
    ];
    for (const text of shown) expect(text).not.toContain("secret");
    expect(JSON.stringify(config)).not.toContain(ENV.APP1_KEY);
    expect(JSON.stringify(config.store)).toBe('{"url":"***"}');
  });

  test("merge keys and aliases of YAML work", () => {
    const text = `
aliases:
  a: &targets { targets: [{ model: x, weight: 2 }], fallbacks: [y] }
  b: { <<: *targets, fallbacks: [z] }
  c: *targets
`;
    const { aliases } = load(text).config;
    expect(aliases["b"]).toMatchObject({ targets: [{ model: "x", weight: 2 }], fallbacks: ["z"] });
    expect(aliases["c"]).toEqual(aliases["a"] as object as never);
  });
});

describe("texts that are no good", () => {
  test("syntax faults have a place and never quote the text", () => {
    const [problem] = problemsOf('providers:\n  openai:\n    keys: [{ name: a, value: "sk-very-secret }]\n');
    expect(problem?.line).toBeGreaterThan(2);
    for (const text of [
      'a: "sk-very-secret',
      "sk-very-secret: [",
      "a: b: sk-very-secret",
      "\tsk-very-secret",
      'a: "\\qsk-very-secret"',
      "- sk-very-secret\nb: 1",
    ]) {
      expect(problemsOf(text).length).toBeGreaterThan(0);
      expect(JSON.stringify(problemsOf(text))).not.toContain("sk-very-secret");
    }
  });

  test("duplicate keys, also in JSON", () => {
    expect(problemsOf("server: { port: 1, port: 2 }")[0]).toMatchObject({
      message: "this key stands twice",
      line: 1,
      column: 20,
    });
    expect(told('{"server": {}, "\\u0073erver": {}}')).toEqual([": this key stands twice"]);
  });

  test("keys that are no text, and names that reach into prototypes", () => {
    expect(told("aliases: { 1: gpt-4o }")[0]).toContain("keys must be text");
    expect(told("aliases: { ? [a] : gpt-4o }")[0]).toContain("keys must be text");
    for (const key of ["__proto__", "constructor", "prototype"]) {
      expect(told(`aliases: { ${key}: { targets: [{ model: x }] } }`)).toEqual([
        `aliases: the key ${key} is not allowed`,
      ]);
      expect(told(`{"${key}": {"port": 1}}`)).toEqual([`: the key ${key} is not allowed`]);
    }
    expect(({} as Record<string, unknown>)["targets"]).toBeUndefined();
  });

  test("aliases that explode, cycles and bottomless nesting are refused quickly", () => {
    const levels = Array.from({ length: 12 }, (_, at) => `  - &l${at + 1} [${Array(9).fill(`*l${at}`).join(", ")}]`);
    expect(told(`aliases:\n  - &l0 [x, x, x, x, x, x, x, x, x]\n${levels.join("\n")}`)[0]).toContain("grows too large");
    expect(told("aliases: &a { b: *a }")[0]).toContain("too deeply");
    expect(told(`aliases: ${"[".repeat(100_000)}`).length).toBeGreaterThan(0);
    expect(told(`aliases: ${"[".repeat(1000)}${"]".repeat(1000)}`)[0]).toContain("too deeply");
  });

  test("several documents, lists and scalars at the top", () => {
    expect(told("server: {}\n---\nserver: {}")).toEqual([": the text holds more than one document"]);
    expect(told("- a")).toEqual([": must be a mapping of keys to values"]);
    expect(told("text")).toEqual([": must be a mapping of keys to values"]);
  });
});

describe("references", () => {
  test("a variable that is not set is named once, with its place", () => {
    const text =
      "providers:\n  openai:\n    keys:\n      - { name: a, value: env.NOT_SET }\n      - { name: b, value: env.EMPTY }\n";
    const problems = problemsOf(text, { env: { EMPTY: "" } });
    expect(problems.map(({ path, line }) => [path, line])).toEqual([
      ["providers.openai.keys[0].value", 4],
      ["providers.openai.keys[1].value", 5],
    ]);
    expect(problems[0]).toMatchObject({
      message: "the environment variable NOT_SET is not set",
      remedy: expect.stringContaining("NOT_SET"),
    });
  });

  test("what is switched off may refer to nothing", () => {
    const off =
      "{ openai: { enabled: false, keys: [{ name: a, value: env.NOT_SET }] }, anthropic: { keys: [{ name: a, value: env.NOT_SET, enabled: false }, { name: b, value: x }] } }";
    expect(told(`providers: ${off}`)).toEqual([]);
    expect(told("governance: { virtual_keys: [{ name: a, value: env.NOT_SET, enabled: false }] }")).toEqual([]);
  });

  test("vaults are a reserved form", () => {
    expect(told("providers: { openai: { keys: [{ name: a, value: vault.main/openai }] } }")).toEqual([
      "providers.openai.keys[0].value: no vault of the name main is configured",
    ]);
  });

  test("elsewhere such text stands for itself", () => {
    expect(load("aliases: { a: env.HOME }").config.aliases["a"]?.targets[0]?.model).toBe("env.HOME");
  });

  test("a wrong value from the environment is reported without being shown", () => {
    const problems = problemsOf("store: { url: env.STORE }\nproviders: { openai: { base_url: env.STORE } }", {
      env: { ...ENV, STORE: "no url, a secret" },
    });
    expect(problems.map((problem) => problem.path)).toEqual(["providers.openai.base_url"]);
    expect(JSON.stringify(problems)).not.toContain("a secret");
  });
});

describe("options", () => {
  const file = "server: { host: 10.0.0.1, port: 1000, threads: 1 }\nlog_level: error\n";
  const env = {
    TRUNKLINE_PORT: "2000",
    TRUNKLINE_HOST: "10.0.0.2",
    TRUNKLINE_LOG_LEVEL: "",
    TRUNKLINE_STORE: "sqlite::memory:",
  };

  test("a flag beats a variable, a variable the file, the file the default", () => {
    const { config } = load(file, { env, cliOverrides: { port: "3000", threads: "auto" } });
    expect(config.server).toMatchObject({ host: "10.0.0.2", port: 3000, threads: "auto" });
    expect(config.log_level).toBe("error");
    expect(config.store.url.reveal()).toBe("sqlite::memory:");
  });

  test("problems name the option", () => {
    expect(problemsOf(file, { env: { TRUNKLINE_PORT: "many" } })[0]).toMatchObject({
      path: "server.port",
      source: "TRUNKLINE_PORT",
      line: null,
    });
    expect(problemsOf(file, { env, cliOverrides: { threads: "0" } })[0]).toMatchObject({
      path: "server.threads",
      source: "--threads",
    });
    expect(() => load("", { env: {}, cliOverrides: { port: "70000" } })).toThrow(
      "--port: server.port: must be at most 65535 (got 70000)",
    );
  });

  test("the file is found by flag, then variable; one that was named must be there", () => {
    const dir = mkdtempSync(join(tmpdir(), "config-"));
    const path = join(dir, "a.yaml");
    writeFileSync(path, "server: { port: 4321 }");
    const found = loadConfig({ env: { TRUNKLINE_CONFIG: path }, manifests: MANIFESTS });
    expect([found.config.server.port, found.file]).toEqual([4321, path]);
    const missing = join(dir, "none.yaml");
    const read = (cliOverrides: object) => () =>
      loadConfig({ env: { TRUNKLINE_CONFIG: path }, manifests: MANIFESTS, cliOverrides });
    expect(read({ config: missing })).toThrow(`${missing}: there is no such file`);
    expect(read({ config: dir })).toThrow("this is a folder, not a file");
  });
});
