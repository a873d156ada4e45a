import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream } from "../mock-upstream/server.ts";

interface Heard {
  provider: string;
  model: string;
  body: Record<string, unknown>;
  key: string;
}

const heard: Heard[] = [];
let mock: MockUpstream;
let gateway: Gateway;
/** Providers that answer with a failure. */
const failing = new Set<string>();

const provider = (name: string, input: number) => ({
  dialect: "openai-chat",
  ...builtIn(name),
  pricing: { "*": { input, output: input } },
});

const builtIn = (name: string) => ({
  base_url: `${mock.url}/${name}/v1`,
  keys: [
    { name: "main", value: `${name}-main-key` },
    { name: "spare", value: `${name}-spare-key`, weight: 0 },
  ],
  models: ["shared", `${name}-only`],
  network: { max_retries: 2, backoff_initial_ms: 1, backoff_max_ms: 2 },
});

beforeAll(async () => {
  mock = await startMockUpstream((request) => {
    const name = request.path.split("/")[1] ?? "";
    const body: Record<string, unknown> = request.json;
    heard.push({ provider: name, model: String(body["model"]), body, key: request.headers["authorization"] ?? "" });
    if (failing.has(name)) return jsonAnswer({ error: { message: "down" } }, 500);
    const message = { role: "assistant", content: name };
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
    const choices = [{ index: 0, message, finish_reason: "stop" }];
    return jsonAnswer({ id: "c", object: "chat.completion", created: 1, model: body["model"], choices, usage });
  });
  const rules = [
    { name: "tagged", when: 'metadata.tags == ["batch"] || metadata.plan == "free"', targets: [{ provider: "cheap" }] },
  ];
  gateway = await startGateway({
    config: {
      providers: {
        cheap: provider("cheap", 1),
        dear: provider("dear", 10),
        middle: provider("middle", 3),
        // Its API knows no such fields.
        openai: { ...builtIn("openai"), models: ["known"] },
      },
      routing: { rules },
    },
  });
});

afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});

interface Answer {
  status: number;
  /** Name of the provider that answered. */
  by: string;
  warnings: string;
  attempts: number;
  error: { code?: string; message?: string; param?: string };
}

async function ask(body: object, headers: Record<string, string> = {}, path = "/v1/chat/completions"): Promise<Answer> {
  heard.length = 0;
  const answer = await fetch(gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "shared", messages: [{ role: "user", content: "hi" }], ...body }),
  });
  const json = (await answer.json()) as {
    choices?: { message: { content: string } }[];
    error?: Answer["error"];
  };
  return {
    status: answer.status,
    by: json.choices?.[0]?.message.content ?? "",
    warnings: answer.headers.get("x-trunkline-warnings") ?? "",
    attempts: Number(answer.headers.get("x-trunkline-attempts")),
    error: json.error ?? {},
  };
}

describe("OpenRouter's fields", () => {
  test("order, only, ignore, sort and max_price choose among the providers of a bare model", async () => {
    expect((await ask({ provider: { order: ["dear"] } })).by).toBe("dear");
    expect((await ask({ provider: { only: ["Middle"] } })).by).toBe("middle");
    expect((await ask({ provider: { ignore: ["cheap", "middle"] } })).by).toBe("dear");
    expect((await ask({ provider: { sort: "price", ignore: ["cheap"] } })).by).toBe("middle");
    expect((await ask({ model: "shared:floor" })).by).toBe("cheap");
    expect((await ask({ provider: { max_price: { prompt: 2 } } })).by).toBe("cheap");
  });

  test("nobody left is an error that names the constraint", async () => {
    const answer = await ask({ provider: { only: ["nobody"] } });
    expect(answer).toMatchObject({ status: 400, error: { code: "invalid_request", param: "provider" } });
    expect(answer.error.message).toContain("not among the providers that the request allows");
    expect(heard).toEqual([]);
  });

  test("the fields do not reach a provider whose API has none, what else stands in the body does", async () => {
    const fields = { provider: { only: ["openai"] }, models: ["dear/shared"], route: "fallback" };
    await ask({ model: "known", ...fields, x_own: { a: 1.0 } });
    expect(Object.keys(heard[0]?.body ?? {}).toSorted()).toEqual(["messages", "model", "x_own"]);
  });

  test("a host that is not known may be such a gateway: they go on to it as they came", async () => {
    const fields = { provider: { only: ["cheap"], zdr: true }, models: ["dear/shared"], usage: { include: true } };
    const answer = await ask(fields);
    expect(heard[0]?.body).toMatchObject(fields);
    expect(answer).toMatchObject({ by: "cheap", warnings: "" });
  });

  test("a gateway that was asked for by name chooses among its own providers by them", async () => {
    const provider = { only: ["nobody"], ignore: ["dear"], max_price: { prompt: 0.001 } };
    const answer = await ask({ model: "dear/shared", provider });
    expect(answer).toMatchObject({ status: 200, by: "dear", warnings: "" });
    expect(heard[0]?.body).toMatchObject({ provider });
    expect((await ask({ model: "openai/known", provider: { only: ["nobody"] } })).status).toBe(400);
  });

  test("models are tried in turn; without fallbacks only the first", async () => {
    failing.add("cheap");
    expect(await ask({ model: "cheap/shared", models: ["dear/shared"] })).toMatchObject({ status: 200, by: "dear" });
    const alone = { model: "cheap/shared", models: ["dear/shared"], provider: { allow_fallbacks: false } };
    expect((await ask(alone)).status).toBe(502);
    failing.clear();
    expect((await ask({ model: undefined, models: ["middle/shared", "dear/shared"] })).by).toBe("middle");
  });

  test("what is not offered is a warning", async () => {
    const answer = await ask({ model: "known", provider: { zdr: true }, plugins: [{ id: "web" }] });
    expect(answer).toMatchObject({
      status: 200,
      warnings: "unsupported_field plugins; unsupported_field provider.zdr",
    });
  });
});

test("Vercel's options", async () => {
  const gatewayOptions = { only: ["dear", "middle"], sort: "cost", tags: ["batch-not"] };
  expect((await ask({ providerOptions: { gateway: gatewayOptions } })).by).toBe("middle");
  await ask({ model: "known", providerOptions: { gateway: { tags: ["x"] } } });
  expect(heard[0]?.body).not.toHaveProperty("providerOptions");
});

test("Cloudflare's headers and paths", async () => {
  failing.add("dear");
  const tries = await ask({ model: "dear/shared" }, { "cf-aig-max-attempts": "1" });
  expect({ status: tries.status, calls: heard.length }).toEqual({ status: 502, calls: 1 });
  failing.clear();
  await ask({ model: "dear/shared" }, { "cf-aig-byok-alias": "spare" });
  expect(heard[0]?.key).toBe("Bearer dear-spare-key");
  expect((await ask({}, { "cf-aig-metadata": '{"plan":"free"}' })).by).toBe("cheap");
  const base = "/v1/0123456789abcdef0123456789abcdef/my-gateway";
  expect((await ask({}, {}, `${base}/dear/chat/completions`)).by).toBe("dear");
  expect((await ask({ model: "middle/shared" }, {}, `${base}/compat/chat/completions`)).by).toBe("middle");
  expect(await ask({}, {}, `${base}/nobody/chat/completions`)).toMatchObject({ status: 404 });
});

describe("Cloudflare's universal endpoint", () => {
  const path = "/v1/0123456789abcdef0123456789abcdef/my-gateway";
  const post = (body: unknown) => {
    heard.length = 0;
    return fetch(gateway.url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  };
  const step = (provider: string, model: string, more: object = {}) => ({
    provider,
    endpoint: "chat/completions",
    headers: { authorization: "Bearer theirs" },
    query: { model, messages: [{ role: "user", content: "hi" }] },
    ...more,
  });

  test("calls are tried in turn, with the retries of the first", async () => {
    failing.add("dear");
    const answer = await post([step("dear", "shared", { config: { maxAttempts: 1 } }), step("middle", "middle-only")]);
    expect(await answer.json()).toMatchObject({ choices: [{ message: { content: "middle" } }] });
    expect(heard.map(({ provider: name, model }) => `${name}/${model}`)).toEqual(["dear/shared", "middle/middle-only"]);
    expect(heard[1]?.body).toEqual({ model: "middle-only", messages: [{ role: "user", content: "hi" }] });
    failing.clear();
  });

  test("a body of its own for a later call is warned of", async () => {
    const answer = await post([
      step("cheap", "shared"),
      step("dear", "shared", { query: { model: "shared", messages: [] } }),
    ]);
    expect(answer.headers.get("x-trunkline-warnings")).toBe("unsupported_field [1].query");
  });

  test.each([
    [[], "[0]"],
    [{ provider: "x" }, "the body"],
    [[step("cheap", "shared"), { provider: 3 }], "[1].provider"],
    [[step("cheap", "shared", { endpoint: "nowhere" })], "[0].endpoint"],
    [[step("cheap", "shared", { query: "x" })], "[0].query"],
  ])("what is wrong is told with its place: %j", async (body, param) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { param } });
  });
});

describe("Portkey's headers", () => {
  const config = (value: unknown) => ({ "x-portkey-config": JSON.stringify(value) });

  test("a provider, a chain, weights, parameters", async () => {
    expect((await ask({}, { "x-portkey-provider": "dear" })).by).toBe("dear");
    failing.add("dear");
    const targets = [{ provider: "dear" }, { provider: "middle", override_params: { model: "middle-only" } }];
    expect((await ask({}, config({ strategy: { mode: "fallback" }, retry: { attempts: 0 }, targets }))).by).toBe(
      "middle",
    );
    expect(heard.map(({ provider: name, model }) => `${name}/${model}`)).toEqual(["dear/shared", "middle/middle-only"]);
    failing.clear();
    const weights = [
      { provider: "dear", weight: 0 },
      { provider: "cheap", weight: 1 },
    ];
    expect((await ask({}, config({ strategy: { mode: "loadbalance" }, targets: weights }))).by).toBe("cheap");
    await ask({ temperature: 1, model: "cheap/shared" }, config({ override_params: { temperature: 0.25 } }));
    expect(heard[0]?.body["temperature"]).toBe(0.25);
  });
});

test("LiteLLM's fields", async () => {
  failing.add("dear");
  expect((await ask({ model: "dear/shared", num_retries: 1 })).status).toBe(502);
  expect(heard).toHaveLength(2);
  failing.clear();
  expect(await ask({ mock_response: "just a test" })).toMatchObject({ status: 200, by: "just a test" });
  expect(heard).toEqual([]);
  expect((await ask({ metadata: { tags: ["batch"] } })).by).toBe("cheap");
  expect(heard[0]?.body["metadata"]).toEqual({ tags: ["batch"] });
});

test("Bifrost's headers and fallbacks", async () => {
  await ask({ model: "dear/shared" }, { "x-bf-api-key": "spare" });
  expect(heard[0]?.key).toBe("Bearer dear-spare-key");
  failing.add("dear");
  const fallbacks = [{ provider: "middle", model: "shared" }];
  expect((await ask({ model: "dear/shared", fallbacks })).by).toBe("middle");
  failing.clear();
});

test("a strict request is refused where something would be left out, and served where nothing is", async () => {
  const strict = { "x-trunkline-strict": "true" };
  const answer = await ask({ model: "known", provider: { zdr: true } }, strict);
  expect(answer).toMatchObject({ status: 400, error: { param: "provider.zdr" } });
  expect((await ask({}, strict)).status).toBe(200);
  expect(heard).toHaveLength(1);
});

test("each of them has its record", async () => {
  const records = await gateway.records(25);
  expect(records.filter(({ outcome }) => outcome === "internal_error")).toEqual([]);
});
