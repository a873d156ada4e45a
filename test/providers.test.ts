import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Effort } from "../src/canonical/request.ts";
import { isTask, type DialectName } from "../src/canonical/names.ts";
import type { ProviderManifest, ProviderSetting, Wire } from "../src/canonical/provider.ts";
import { chatProviders, taskDialects } from "../src/compose/dialects.ts";
import { manifests } from "../src/compose/providers.ts";
import { openCatalog } from "../src/domain/catalog/index.ts";
import { settingsOf } from "../src/domain/config/index.ts";
import { fillSettings } from "../src/canonical/fill-settings.ts";

const FOLDER = resolve(import.meta.dir, "../src/providers");
const EFFORTS: readonly Effort[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
const LOOPBACK = /^http:\/\/127\.0\.0\.1:\d+/;

/** Differences within dialects other than OpenAI's chat. */
const FLAGS_OF: Partial<Record<DialectName, string[]>> = {
  gemini: ["flatCountTokens", "noCallIds", "noToolInvocations", "fullGemini25"],
  openai: ["editImages"],
  "openai-completions": ["answersAsMessage", "noStreamOptions"],
  vertex: ["embedContent"],
};

function hasNoDefault({ default: plain, defaultBy }: ProviderSetting): boolean {
  return plain === undefined && defaultBy === undefined;
}

/** True where the codec of an operation is installed. */
function hasCodec({ dialect }: Wire, operation: Wire["operations"][number]): boolean {
  const beside = taskDialects.get(dialect);
  if (isTask(operation)) return beside?.tasks[operation] !== undefined;
  if (operation === "realtime") return beside?.realtime !== undefined;
  const chat = chatProviders.get(dialect);
  return operation === "count_tokens" ? chat?.countTokens !== undefined : chat !== undefined;
}

test("there are more than eighty, each once, in alphabetical order", () => {
  const names = manifests.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(80);
  expect(names).toEqual([...new Set(names)].toSorted());
});

test("every folder's manifest is in the list, under its own name", () => {
  const folders = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, "manifest.ts")));
  expect(folders.toSorted()).toEqual(manifests.map(({ name }) => name));
});

test("no two share an environment variable for their key", () => {
  const owners = new Map<string, string>();
  const shared: string[] = [];
  for (const { name, keyVariables } of manifests) {
    for (const variable of keyVariables) {
      if (owners.has(variable)) shared.push(`${variable}: ${owners.get(variable)}, ${name}`);
      owners.set(variable, name);
    }
  }
  expect(shared).toEqual([]);
});

describe.each(manifests.map((manifest): [string, ProviderManifest] => [manifest.name, manifest]))("%s", (name, it) => {
  // What has no default is the operator's to say.
  const stated = Object.fromEntries((it.settings ?? []).filter(hasNoDefault).map(({ name: key }) => [key, "stated"]));
  const baseUrl = fillSettings(it.baseUrl, settingsOf(it, stated, {}));

  test("its address is https, or on this machine when it is run by the operator", () => {
    expect(baseUrl).not.toMatch(/[{}]|\/$/);
    const url = new URL(baseUrl);
    if (it.hosted === true) return;
    if (it.keyOptional === true) expect(baseUrl).toMatch(LOOPBACK);
    else expect(url.protocol).toBe("https:");
    expect(url.search + url.hash + url.username).toBe("");
  });

  test("it has a title, and a link to the page that the facts come from", () => {
    expect(it.title.length).toBeGreaterThan(1);
    expect(new URL(it.docs).protocol).toBe("https:");
    const source = readFileSync(join(FOLDER, name, "manifest.ts"), "utf8");
    if (it.hosted !== true) expect(source).toMatch(/\/\*\*[^/]*https:\/\//);
  });

  test("it says how a key is found", () => {
    const takesKey = it.auth.type !== "none";
    const found = it.keyVariables.length > 0 || (it.credentials ?? []).length > 0;
    expect(found).toBe(takesKey && it.keyOptional !== true);
    for (const variable of it.keyVariables) expect(variable).toMatch(/^[A-Z][A-Z0-9_]+$/);
  });

  test("it speaks installed dialects with a codec for each operation", () => {
    expect(it.wires.length).toBeGreaterThan(0);
    for (const wire of it.wires) {
      expect(taskDialects.has(wire.dialect)).toBe(true);
      expect(wire.operations.length).toBeGreaterThan(0);
      for (const operation of wire.operations)
        expect([wire.dialect, operation, hasCodec(wire, operation)]).toContain(true);
    }
  });

  test("its wires are sound", () => {
    for (const { dialect, basePath, paths = {}, headers = {}, flags = {}, body = {} } of it.wires) {
      // An empty one is the host itself.
      expect(basePath ?? "").toMatch(/^(\/.*[^/])?$/);
      for (const path of Object.values(paths)) expect(path).toMatch(/^\/.*[^/]$/);
      for (const header of Object.keys({ ...headers, ...it.headers })) expect(header).toBe(header.toLowerCase());
      // Its version stands in a header at Anthropic, in the body at clouds that put the model into the path.
      const all: Record<string, string> = { ...it.headers, ...headers };
      const version = all["anthropic-version"] ?? body.set?.["anthropic_version"];
      if (dialect === "anthropic-messages") expect(version).toBeString();
      const { efforts = [], needsReasoning, reasoningField } = flags;
      expect([...efforts]).toEqual(EFFORTS.filter((effort) => efforts.includes(effort)));
      if (needsReasoning === true) expect(reasoningField).toBeDefined();
      if (dialect !== "openai-chat")
        expect(FLAGS_OF[dialect] ?? []).toEqual(expect.arrayContaining(Object.keys(flags)));
      const { rename = {}, remove = [], omit = [], size } = body;
      const touched = [...Object.keys(rename), ...remove, ...omit, ...(size === undefined ? [] : ["size"])];
      expect(touched).toEqual([...new Set(touched)]);
    }
  });

  test("no wire stands behind another that takes all of its calls", () => {
    const seen = new Set<string>();
    for (const { dialect, operations, models } of it.wires) {
      for (const operation of operations) {
        expect(seen.has(`${dialect} ${operation}`)).toBe(false);
        if (models === undefined) seen.add(`${dialect} ${operation}`);
      }
    }
  });

  test("headers of clients that go along are lower-case, and no credential is among them", () => {
    for (const header of it.forwardHeaders) {
      expect(header).toBe(header.toLowerCase());
      expect(header).not.toMatch(/^authorization$|api-key$/);
    }
  });
});

test.each([
  ["groq", "llama-3.3-70b-versatile"],
  ["deepseek", "deepseek-chat"],
  ["mistral", "mistral-small-latest"],
  ["moonshot", "kimi-k2.5"],
  ["xai", "grok-4"],
  ["voyage", "voyage-3.5"],
  ["zai", "glm-5.2"],
  ["zhipu", "glm-4.7"],
  ["perplexity", "sonar"],
  ["cerebras", "gpt-oss-120b"],
  ["together", "meta-llama/Llama-3.3-70B-Instruct-Turbo"],
  ["fireworks", "accounts/fireworks/models/gpt-oss-120b"],
  ["openrouter", "anthropic/claude-sonnet-4.5"],
  ["novita", "deepseek/deepseek-r1"],
  ["nebius", "openai/gpt-oss-120b"],
  ["minimax", "MiniMax-M2"],
])("the catalog knows the prices of %s (%s)", (provider, model) => {
  expect(manifests.some(({ name }) => name === provider)).toBe(true);
  expect(openCatalog().findModel(provider, model)?.prices.length ?? 0).toBeGreaterThan(0);
});
