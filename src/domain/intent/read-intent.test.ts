import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { emptyIntent, type RoutingIntent } from "./intent.ts";
import { sortSuffix } from "./openrouter.ts";
import { readIntent } from "./read-intent.ts";

const read = (body: JsonObject, headers: Record<string, string> = {}): RoutingIntent | null =>
  readIntent(new Headers(headers), body);

/** What differs from an intent that asks for nothing. */
function told(body: JsonObject, headers: Record<string, string> = {}): Partial<RoutingIntent> {
  const nothing = emptyIntent();
  const entries = Object.entries(read(body, headers) ?? {}).filter(
    ([key, value]) => !Bun.deepEquals(value, nothing[key as keyof RoutingIntent]),
  );
  return Object.fromEntries(entries);
}

const fields = (intent: Partial<RoutingIntent>): string[] => (intent.unmet ?? []).map(({ field }) => field);
const target = (model: string) => ({ model, weight: 1 });

describe("requests without extensions", () => {
  test("have no intent", () => {
    expect(read({ model: "m", messages: [] }, { authorization: "Bearer x", "x-api-key": "y" })).toBeNull();
  });

  test("a field of the same name with another form is the provider's", () => {
    expect(read({ model: "m", fallbacks: [] })).toBeNull();
    expect(read({ model: "m", fallbacks: [1, 2] })).toBeNull();
    expect(read({ model: "m", fallbacks: [{ model: "x", timeout: 3 }] })).toBeNull();
    expect(read({ model: "m", usage: { total_tokens: 3 } })).toBeNull();
    expect(read({ model: "m", providerOptions: { openai: { store: true } } })).toBeNull();
  });
});

describe("OpenRouter", () => {
  test("models and provider preferences", () => {
    const intent = told({
      models: ["a/x", "b/y"],
      provider: {
        order: ["anthropic", "google-vertex/us-east5"],
        only: ["anthropic"],
        ignore: ["azure"],
        allow_fallbacks: false,
        require_parameters: true,
        sort: "price",
        max_price: { prompt: 1, completion: "2" },
      },
      route: "fallback",
    });
    expect(intent).toEqual({
      fallbacks: [target("a/x"), target("b/y")],
      order: ["anthropic", "google-vertex"],
      only: ["anthropic"],
      ignore: ["azure"],
      allowFallbacks: false,
      isStrict: true,
      sort: "price",
      maxPrice: { input: 1, output: 2 },
      taken: ["models", "provider", "route"].map((field) => ({ field, gateway: "openrouter" })),
    });
  });

  test("what cannot be honoured is said", () => {
    const provider = { data_collection: "deny", zdr: true, quantizations: ["fp8"], sort: { by: "exacto" } };
    const intent = told({ provider, plugins: [{ id: "web" }], preset: "x", usage: { include: true } });
    expect(fields(intent).toSorted()).toEqual([
      "plugins",
      "preset",
      "provider.data_collection",
      "provider.quantizations",
      "provider.sort",
      "provider.zdr",
      "usage.include",
    ]);
    expect(fields(told({ provider: { data_collection: "allow", zdr: false }, transforms: [] }))).toEqual([]);
  });

  test("a session's id goes no further than this gateway, unless the provider knows it", () => {
    expect(told({ model: "m", session_id: "s" })).toEqual({ taken: [{ field: "session_id", gateway: "openrouter" }] });
    expect(told({ model: "m", litellm_session_id: "s" })).toEqual({
      taken: [{ field: "litellm_session_id", gateway: "litellm" }],
    });
  });

  test("suffixes sort, other tags of a model's name stay", () => {
    expect(sortSuffix("openai/gpt-4o:nitro")).toEqual({ model: "openai/gpt-4o", sort: "throughput" });
    expect(sortSuffix("gpt-4o:floor")).toEqual({ model: "gpt-4o", sort: "price" });
    for (const model of ["llama3:8b", "x:free", ":nitro", "plain"]) expect(sortSuffix(model)).toBeNull();
  });
});

test("Vercel", () => {
  const gateway = {
    order: ["bedrock"],
    only: ["bedrock", "anthropic"],
    models: ["a/x"],
    sort: "ttft",
    user: "u",
    tags: ["t"],
  };
  expect(told({ providerOptions: { gateway } })).toEqual({
    order: ["bedrock"],
    only: ["bedrock", "anthropic"],
    fallbacks: [target("a/x")],
    sort: "latency",
    endUser: "u",
    tags: ["t"],
    taken: [{ field: "providerOptions", gateway: "vercel" }],
  });
  expect(fields(told({ providerOptions: { gateway: { zeroDataRetention: true, byok: { openai: [{}] } } } }))).toEqual([
    "providerOptions.gateway.byok",
    "providerOptions.gateway.zeroDataRetention",
  ]);
});

test("Cloudflare", () => {
  const headers = {
    "cf-aig-max-attempts": "3",
    "cf-aig-request-timeout": "1500",
    "cf-aig-byok-alias": "spare",
    "cf-aig-metadata": '{"plan":"free","n":3}',
    "cf-aig-allowed-providers": "openai, anthropic",
    "cf-aig-skip-cache": "true",
  };
  expect(told({}, headers)).toEqual({
    maxRetries: 2,
    firstByteTimeoutMs: 1500,
    key: "spare",
    metadata: { plan: "free", n: 3 },
    only: ["openai", "anthropic"],
  });
  expect(fields(told({}, { "cf-aig-cache-ttl": "60", "cf-aig-zdr": "true", "cf-aig-backoff": "linear" }))).toEqual([
    "cf-aig-backoff",
    "cf-aig-zdr",
    "cf-aig-cache-ttl",
  ]);
});

test("LiteLLM", () => {
  expect(
    told({ num_retries: 1, timeout: 2.5, stream_timeout: 1, metadata: { tags: ["a"] }, mock_response: "hi" }),
  ).toEqual({
    maxRetries: 1,
    timeoutMs: 2500,
    firstByteTimeoutMs: 1000,
    mockResponse: "hi",
    tags: ["a"],
    taken: ["num_retries", "timeout", "stream_timeout", "mock_response"].map((field) => ({
      field,
      gateway: "litellm",
    })),
  });
  expect(told({ fallbacks: ["a/x", { provider: "b", model: "y", key_id: "k" }] }).fallbacks).toEqual([
    target("a/x"),
    { provider: "b", model: "y", key: "k", weight: 1 },
  ]);
});

describe("Portkey", () => {
  const config = (value: unknown) => ({ "x-portkey-config": JSON.stringify(value) });

  test("a fallback chain, with what every target inherits", () => {
    const chain = {
      strategy: { mode: "fallback" },
      retry: { attempts: 2 },
      request_timeout: 9000,
      override_params: { temperature: 0 },
      targets: [{ provider: "openai" }, { virtual_key: "@anthropic", override_params: { model: "claude-x" } }],
    };
    expect(told({}, { ...config(chain), "x-portkey-metadata": '{"_user":"u1"}' })).toEqual({
      targets: [{ provider: "openai", weight: 1 }],
      fallbacks: [{ provider: "anthropic", model: "claude-x", weight: 1 }],
      maxRetries: 2,
      timeoutMs: 9000,
      overrides: { temperature: 0 },
      metadata: { _user: "u1" },
      endUser: "u1",
    });
  });

  test("weights, nested", () => {
    const nested = {
      strategy: { mode: "loadbalance" },
      targets: [
        { provider: "a", weight: 0.7 },
        { strategy: { mode: "single" }, targets: [{ provider: "b", weight: 0.3 }, { provider: "c" }] },
      ],
    };
    expect(told({}, config(nested))).toEqual({
      targets: [
        { provider: "a", weight: 0.7 },
        { provider: "b", weight: 0.3 },
      ],
    });
  });

  test("the provider of a bare model, and what is not offered", () => {
    expect(told({}, { "x-portkey-provider": "@groq" })).toEqual({ provider: "groq" });
    expect(fields(told({}, { "x-portkey-config": "pc-saved-123" }))).toEqual(["x-portkey-config"]);
    expect(fields(told({}, config({ cache: { mode: "simple" }, api_key: "sk-secret" })))).toEqual([
      "x-portkey-config.cache",
      "x-portkey-config.api_key",
    ]);
    expect(JSON.stringify(told({}, config({ api_key: "sk-secret" })))).not.toContain("sk-secret");
  });
});

test("Bifrost", () => {
  expect(told({}, { "x-bf-api-key": "main", "x-bf-dim-team": "ml" })).toEqual({
    key: "main",
    metadata: { team: "ml" },
  });
  expect(fields(told({}, { "x-bf-cache-key": "x", "x-bf-eh-foo": "y" })).toSorted()).toEqual([
    "x-bf-cache-key",
    "x-bf-eh-foo",
  ]);
});

test("our own header asks for no loss", () => {
  expect(told({}, { "x-trunkline-strict": "true" })).toEqual({ isStrict: true });
  expect(told({}, { "x-trunkline-timeout-ms": "2500" })).toEqual({ timeoutMs: 2500 });
});

test.each<[JsonObject, Record<string, string>, string]>([
  [{ models: "a" }, {}, "isn't"],
  [{ models: [""] }, {}, "models[0]"],
  [{ models: Array.from({ length: 17 }, () => "m") }, {}, "models"],
  [{ provider: "openai" }, {}, "provider"],
  [{ provider: { order: "openai" } }, {}, "provider.order"],
  [{ provider: { sort: "best" } }, {}, "provider.sort"],
  [{ provider: { max_price: { prompt: -1 } } }, {}, "provider.max_price.prompt"],
  [{ providerOptions: { gateway: { sort: "x" } } }, {}, "providerOptions.gateway.sort"],
  [{ num_retries: "many" }, {}, "num_retries"],
  [{ timeout: 0 }, {}, "timeout"],
  [{ mock_response: { a: 1 } }, {}, "mock_response"],
  [{}, { "cf-aig-max-attempts": "99" }, "cf-aig-max-attempts"],
  [{}, { "cf-aig-metadata": "[1]" }, "cf-aig-metadata"],
  [{}, { "x-portkey-config": '{"targets":[]}' }, "x-portkey-config.targets"],
  [{}, { "x-portkey-config": "{no json" }, "x-portkey-config"],
  [{}, { "x-trunkline-strict": "maybe" }, "x-trunkline-strict"],
  [{}, { "x-trunkline-timeout-ms": "0" }, "x-trunkline-timeout-ms"],
])("a value of the wrong form is refused with its place: %j %j", (body, headers, param) => {
  if (param === "isn't") return expect(read(body, headers)).toBeNull();
  try {
    read(body, headers);
    throw new Error("was taken");
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ code: "invalid_request", fields: { param } });
  }
  return undefined;
});
