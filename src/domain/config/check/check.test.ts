import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { check, problems } from "../fixtures/check.ts";
import { MANIFESTS } from "../fixtures/manifests.ts";

const KEY = "sk-tl-0123456789abcdef0123456789abcdef";

describe("providers", () => {
  test("a built-in one refuses a dialect, an own one needs dialect and base_url", () => {
    const builtIn = check("providers: { openai: { dialect: openai-chat } }");
    expect(builtIn.problems).toEqual(["providers.openai.dialect: openai is built in and has its own dialect"]);
    expect(builtIn.remedies[0]).toContain("take dialect out");
    expect(problems("providers: { mine: { keyless: true } }")).toEqual([
      "providers.mine.dialect: is required",
      "providers.mine.base_url: is required",
    ]);
    expect(problems("providers: { mine: { keyless: true, dialect: gemini, base_url: 'http://x/v1' } }")).toEqual([]);
  });

  test("an own one may name dialects by operation, those that have it", () => {
    const ranks = { dialect: "jina", operations: ["rerank"] } as const;
    const manifests = MANIFESTS.map((each) => (each.name === "openai" ? { ...each, wires: [ranks] } : each));
    const told = (dialects: string) =>
      check(`providers: { mine: { keyless: true, base_url: 'http://x/v1', dialects: ${dialects} } }`, { manifests });
    expect(told("{ rerank: jina }").problems).toEqual([]);
    const wrong = told("{ rerank: tei, speech: jina }");
    expect(wrong.problems).toEqual([
      "providers.mine.dialects.rerank: tei has no rerank",
      "providers.mine.dialects.speech: jina has no speech",
    ]);
    expect(wrong.remedies[0]).toBe("take one of jina");
    expect(told("{ video_status: runway }").problems).toHaveLength(1);
    expect(problems("providers: { openai: { dialects: { rerank: jina } } }")).toEqual([
      "providers.openai.dialects: openai is built in and has its own dialects",
    ]);
  });

  test("keys come from the list or the environment, unless none is needed", () => {
    expect(problems("providers: { openai: {} }")).toEqual([]);
    expect(problems("providers: { openai: {} }", { env: {} })).toEqual(["providers.openai: has no key"]);
    expect(problems("providers: { openai: { enabled: false } }", { env: {} })).toEqual([]);
    expect(problems("providers: { demo: {} }", { env: {} })).toEqual([]);
    expect(problems("providers: { mine: { dialect: gemini, base_url: 'http://x/v1' } }")).toEqual([
      "providers.mine: has no key",
    ]);
    expect(problems("providers: { openai: { keyless: true, keys: [{ name: a, value: x }] } }")).toEqual([
      "providers.openai.keyless: contradicts keys",
    ]);
  });

  test("key names differ, some weight is above zero, values fit in a header", () => {
    const keys = (list: string) => problems(`providers: { openai: { keys: [${list}] } }`);
    expect(keys("{ name: a, value: x }, { name: a, value: y }")).toEqual([
      'providers.openai.keys[1].name: the name "a" is taken by entry 1 of the list',
    ]);
    expect(keys("{ name: a, value: x, weight: 0 }")).toEqual(["providers.openai.keys: all weights are 0"]);
    expect(keys("{ name: a, value: x, weight: 0 }, { name: b, value: y }")).toEqual([]);
    expect(keys('{ name: a, value: "x\\n" }')).toEqual(["providers.openai.keys[0].value: holds a line break"]);
    const twins = check("providers: { openai: { keys: [{ name: a, value: x }, { name: b, value: x }] } }");
    expect(twins.warnings).toEqual(["providers.openai.keys[1].value: is the same credential as that of key a"]);
  });

  test("bounds limit something, and each of their limits stands once", () => {
    const told = (fields: string) => check(`providers: { openai: { ${fields} } }`);
    expect(told("concurrency: { queue: 5 }").warnings).toEqual([
      "providers.openai.concurrency: limits nothing: neither it nor a key of the provider has a limit",
    ]);
    const key = "keys: [{ name: a, value: x, concurrency: { limit: 2 } }]";
    expect(told(`concurrency: { queue: 5 }, ${key}`)).toMatchObject({ problems: [], warnings: [] });
    expect(told("concurrency: { limit: 0 }").problems).toHaveLength(1);
    const rates = "rate_limits: [{ metric: tokens, limit: 1, window: 1m }, { metric: tokens, limit: 2, window: 1m }]";
    expect(told(rates).problems).toEqual([
      "providers.openai.rate_limits[1]: a limit of this metric and window stands in this list already",
    ]);
    expect(told(`keys: [{ name: a, value: x, ${rates} }]`).problems).toEqual([
      "providers.openai.keys[0].rate_limits[1]: a limit of this metric and window stands in this list already",
    ]);
  });

  test("more keys with a concurrency of their own than there are places for are refused with their place", () => {
    const told = (count: number, more = "") => {
      const keys = Array.from(
        { length: count },
        (_, at) => `{ name: k${at}, value: v${at}, concurrency: { limit: 1 } }`,
      );
      return check(`providers: { openai: { keys: [${keys.join(", ")}${more}] } }`);
    };
    const off = ", { name: off, value: off, enabled: false, concurrency: { limit: 1 } }, { name: free, value: free }";
    expect(told(95, off)).toMatchObject({ problems: [], warnings: [] });
    expect(told(96).problems).toEqual(["providers.openai.keys: 96 of them have a concurrency of their own"]);
    expect(told(96).remedies[0]).toContain("at most 95");
  });

  test("base URLs hold no credential or query; headers and network make sense", () => {
    const provider = (fields: string) => problems(`providers: { openai: { ${fields} } }`);
    expect(provider("base_url: 'https://u:p@x/v1'")).toEqual(["providers.openai.base_url: must not hold a credential"]);
    expect(provider("base_url: 'https://x/v1?a=b'")).toEqual([
      "providers.openai.base_url: must not have a query or fragment",
    ]);
    expect(provider("headers: { Host: x }")).toEqual(["providers.openai.headers.Host: is set by the gateway itself"]);
    expect(provider("headers: { X-A: x, x-a: y }")).toEqual([
      "providers.openai.headers.x-a: stands twice, in different case",
    ]);
    expect(provider('headers: { X-A: "a\\r\\nb" }')).toEqual([
      "providers.openai.headers.X-A: holds a character that no header may hold",
    ]);
    expect(provider("network: { backoff_initial_ms: 10, backoff_max_ms: 5 }")).toEqual([
      "providers.openai.network.backoff_initial_ms: is above backoff_max_ms (5)",
    ]);
    expect(provider("network: { ca_file: /nowhere/ca.pem }")).toEqual([
      "providers.openai.network.ca_file: there is no such file",
    ]);
  });
});

describe("governance", () => {
  const governance = (fields: string) => problems(`governance: { ${fields} }`);

  test("names are unique, and who belongs to whom exists", () => {
    expect(governance("teams: [{ name: a }, { name: a }]")).toEqual([
      'governance.teams[1].name: the name "a" is taken by entry 1 of the list',
    ]);
    expect(governance("teams: [{ name: a, customer: acme }]")).toEqual([
      'governance.teams[0].customer: there is no customer "acme"',
    ]);
    expect(governance("users: [{ name: a, team: b }]")).toEqual(['governance.users[0].team: there is no team "b"']);
    const key = `{ name: k, value: ${KEY}, team: t, customer: c, user: u, access_profile: p }`;
    expect(governance(`virtual_keys: [${key}]`)).toEqual([
      'governance.virtual_keys[0].team: there is no team "t"',
      'governance.virtual_keys[0].customer: there is no customer "c"',
      'governance.virtual_keys[0].user: there is no user "u"',
      'governance.virtual_keys[0].access_profile: there is no access profile "p"',
    ]);
  });

  test("a key cannot belong to another customer than its team", () => {
    const text = `customers: [{ name: a }, { name: b }], teams: [{ name: t, customer: a }], virtual_keys: [{ name: k, value: ${KEY}, team: t, customer: b }]`;
    expect(governance(text)).toEqual(["governance.virtual_keys[0].customer: the team t belongs to the customer a"]);
  });

  test("grants name providers once each, with some weight", () => {
    const grants = (list: string) => governance(`access_profiles: [{ name: p, provider_configs: [${list}] }]`);
    expect(grants("{ provider: openai }, { provider: openai }")).toEqual([
      "governance.access_profiles[0].provider_configs[1].provider: openai stands in this list already",
    ]);
    expect(grants("{ provider: grok }")).toEqual([
      'governance.access_profiles[0].provider_configs[0].provider: there is no provider "grok"',
    ]);
    expect(grants("{ provider: openai, weight: 0 }")).toEqual([
      "governance.access_profiles[0].provider_configs: all weights are 0",
    ]);
  });

  test("two limits over the same thing and time would share a counter", () => {
    expect(
      governance("teams: [{ name: t, budgets: [{ limit_usd: 1, period: 1d }, { limit_usd: 2, period: 1d }] }]"),
    ).toEqual(["governance.teams[0].budgets[1]: a budget of this period stands in this list already"]);
    const limits =
      "{ metric: requests, limit: 1, window: 1m }, { metric: tokens, limit: 1, window: 1m }, { metric: requests, limit: 2, window: 1m }";
    expect(governance(`customers: [{ name: t, rate_limits: [${limits}] }]`)).toEqual([
      "governance.customers[0].rate_limits[2]: a limit of this metric and window stands in this list already",
    ]);
  });
});

describe("virtual keys", () => {
  const grant = "provider_configs: [{ provider: openai }]";
  const keys = (list: string) => check(`governance: { virtual_keys: [${list}] }`);

  test("have a value or a hash, with our prefix", () => {
    expect(keys("{ name: a }").problems).toEqual(["governance.virtual_keys[0]: has neither value nor hash"]);
    const hash = createHash("sha256").update(KEY).digest("hex");
    expect(keys(`{ name: a, value: ${KEY}, hash: ${hash} }`).problems).toEqual([
      "governance.virtual_keys[0].hash: stands beside value",
    ]);
    const wrong = keys("{ name: a, value: sk-other }");
    expect(wrong.problems).toEqual(["governance.virtual_keys[0].value: must start with sk-tl-"]);
    expect(wrong.remedies[0]).toContain("sk-tl-");
    expect(keys(`{ name: a, value: 'sk-tl-with blanks in it' }`).problems).toEqual([
      "governance.virtual_keys[0].value: must be printable ASCII without blanks",
    ]);
    expect(keys(`{ name: a, value: sk-tl-short, ${grant} }`).warnings).toEqual([
      "governance.virtual_keys[0].value: is short enough to be guessed",
    ]);
  });

  test("no two are the same, also when one is given by its hash", () => {
    expect(keys(`{ name: a, value: ${KEY} }, { name: b, value: ${KEY} }`).problems).toEqual([
      "governance.virtual_keys[1].value: is the same key as that of a",
    ]);
    const hash = createHash("sha256").update(KEY).digest("hex");
    expect(keys(`{ name: a, value: ${KEY} }, { name: b, hash: ${hash} }`).problems).toEqual([
      "governance.virtual_keys[1].hash: is the same key as that of a",
    ]);
  });

  test("that can do nothing are a warning", () => {
    expect(keys(`{ name: a, value: ${KEY} }`).warnings).toEqual(["governance.virtual_keys[0]: may use no provider"]);
    expect(keys(`{ name: a, value: ${KEY}, enabled: false }`).warnings).toEqual([]);
    expect(keys(`{ name: a, value: ${KEY}, ${grant}, expires_at: 2020-01-01 }`).warnings).toEqual([
      "governance.virtual_keys[0].expires_at: lies in the past",
    ]);
  });
});

describe("the process", () => {
  test("the store is one that there is", () => {
    expect(problems("store: { url: 'mysql://x' }")).toEqual(["store.url: is no address of a store"]);
    expect(problems("store: { url: 'sqlite::memory:' }")).toEqual([]);
  });

  test("an open door and a short admin token are warnings", () => {
    expect(
      check("server: { host: 0.0.0.0 }\naccess: { require_virtual_key: false, admin_token: short }").warnings,
    ).toEqual([
      "access.require_virtual_key: everybody who reaches 0.0.0.0 may call, on your provider keys",
      "access.admin_token: is short enough to be guessed",
    ]);
    expect(check("access: { require_virtual_key: false }").warnings).toEqual([]);
  });
});
