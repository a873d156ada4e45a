import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream } from "../mock-upstream/server.ts";
import { WIRES } from "../faults/wire.ts";

const KEY = "sk-tl-bound-0123456789abcdef";
const FREE = "sk-tl-free-0123456789abcdef";
const TOOLS = "sk-tl-tools-0123456789abcdef";
const wire = WIRES["openai-chat"];
const messages = [{ role: "user", content: "hi" }];

let mock: MockUpstream;
let gateway: Gateway;

beforeAll(async () => {
  mock = await startMockUpstream(({ path }) =>
    path.endsWith("/moved")
      ? jsonAnswer({}, 307, { location: `${mock.url}/a/v1/moved/?x=1` })
      : jsonAnswer(wire.whole("hi", wire.usage)),
  );
  const provider = (name: string) => ({
    dialect: "openai-chat",
    base_url: `${mock.url}/${name}/v1`,
    keys: [{ name: "main", value: "upstream-secret" }],
    models: ["m", "secret"],
    pricing: { "*": { input: 1, output: 1 } },
    network: { max_retries: 0 },
  });
  gateway = await startGateway({
    config: {
      providers: {
        a: provider("a"),
        b: provider("b"),
        c: { ...provider("c"), dialect: "anthropic-messages" },
        gemini: {
          base_url: `${mock.url}/gemini`,
          keys: [{ name: "main", value: "gemini-secret", blocked_models: ["g-blocked"] }],
        },
      },
      governance: {
        virtual_keys: [
          {
            name: "bound",
            value: KEY,
            provider_configs: [{ provider: "a", allowed_models: ["m", "m:0", "other"] }],
          },
          { name: "tools", value: TOOLS, provider_configs: [{ provider: "c", allowed_models: ["m", "other"] }] },
          { name: "free", value: FREE, provider_configs: [{ provider: "gemini", allowed_models: ["*"] }] },
        ],
      },
    },
  });
});

afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});

interface Answer {
  status: number;
  headers: Headers;
  /** Bodies that reached the upstream. */
  sent: Record<string, unknown>[];
}

async function ask(path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  mock.requests.length = 0;
  const response = await fetch(gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-trunkline-key": KEY, ...headers },
    body: JSON.stringify(body),
    redirect: "manual",
  });
  await response.arrayBuffer();
  return { status: response.status, headers: response.headers, sent: mock.requests.map(({ json }) => json) };
}

const config = (fields: object): Record<string, string> => ({ "x-portkey-config": JSON.stringify(fields) });

describe("the model that was decided on is the one that the provider gets", () => {
  const allowed = config({ override_params: { model: "m" } });

  test.each(["secret", "a/secret", "b/secret"])("where a header names it beside %s in the body", async (model) => {
    expect(await ask("/v1/chat/completions", { model, messages }, allowed)).toMatchObject({
      status: 200,
      sent: [{ model: "m" }],
    });
  });

  test("also of a task", async () => {
    expect((await ask("/v1/embeddings", { model: "secret", input: "x" }, allowed)).sent).toMatchObject([
      { model: "m" },
    ]);
  });

  test("where a list of models stands in its place", async () => {
    expect((await ask("/v1/chat/completions", { models: ["m"], messages })).sent).toMatchObject([{ model: "m" }]);
  });
});

describe("a provider that is a gateway itself is told of no model beyond the virtual key's", () => {
  test.each<[string, unknown]>([
    ["models", ["m", "secret"]],
    ["fallbacks", ["secret"]],
    ["fallbacks", [{ m: ["secret"] }]],
    ["fallbacks", [{ model: "secret", provider: "x" }]],
    ["context_window_fallbacks", [{ m: ["secret"] }]],
    ["preset", "of-the-account"],
    ["providerOptions", { gateway: { models: ["secret"] } }],
  ])("%s: %j", async (field, value) => {
    const answer = await ask("/v1/chat/completions", { model: "a/m", messages, [field]: value });
    expect(answer.status).toBe(200);
    expect(answer.sent).toHaveLength(1);
    expect(JSON.stringify(answer.sent)).not.toMatch(/secret|of-the-account/);
    expect(answer.headers.get("x-trunkline-warnings")).toContain(field);
  });

  test("nor by fields that a header sets", async () => {
    const set = { models: ["secret"], fallbacks: ["secret"], context_window_fallbacks: ["secret"] };
    const answer = await ask("/v1/chat/completions", { model: "a/m", messages }, config({ override_params: set }));
    expect(answer.sent).toHaveLength(1);
    expect(JSON.stringify(answer.sent)).not.toContain("secret");
    const tools = [{ type: "function", model: "secret", function: { name: "f" } }];
    const tooled = await ask(
      "/v1/chat/completions",
      { model: "a/m", messages },
      config({ override_params: { tools } }),
    );
    expect(tooled).toMatchObject({ status: 403, sent: [] });
  });

  test("a tool of the provider's that calls another model is refused", async () => {
    const advised = (model: string): Promise<Answer> => {
      const tools = [{ type: "advisor_20260301", name: "advisor", model }];
      return ask("/v1/messages", { model: "c/m", max_tokens: 9, messages, tools }, { "x-trunkline-key": TOOLS });
    };
    expect(await advised("secret")).toMatchObject({ status: 403, sent: [] });
    expect((await advised("other")).sent).toHaveLength(1);
  });

  test("what is allowed goes on", async () => {
    const fields = { models: ["m", "other"], provider: { sort: "price" } };
    expect((await ask("/v1/chat/completions", { model: "a/m", messages, ...fields })).sent).toMatchObject([fields]);
  });
});

test.each(["gemini/g-blocked", "gemini/models/g-blocked", "gemini/models//g-blocked", "gemini/models/./g-blocked"])(
  "what a provider key must not be used for is blocked by each of its names: %s",
  async (model) => {
    const answer = await ask("/v1/chat/completions", { model, messages }, { "x-trunkline-key": FREE });
    expect(answer.status).not.toBe(200);
    expect(answer.sent).toEqual([]);
  },
);

describe("passing through", () => {
  test.each([
    "/model/secret/invoke",
    "/deployments/secret/chat/completions",
    "/Deployments/secret/chat/completions",
    "/%64eployments/s%65cret/chat/completions",
    "/engines/secret/completions",
    "/tunedModels/secret:generateContent",
    "/endpoints/secret:rawPredict",
    "/models/m/deployments/secret/x",
  ])("%s names a model that is not allowed, whatever the rest says", async (path) => {
    expect(await ask(`/passthrough/a${path}?model=m`, { model: "m" })).toMatchObject({ status: 403, sent: [] });
  });

  test.each<object>([
    { requests: [{ custom_id: "a", params: { model: "secret" } }] },
    { model: "m", requests: [{ params: { model: "m", tools: [{ type: "advisor", model: "secret" }] } }] },
    { model: "m", options: { deep: [{ models: ["secret"] }] } },
  ])("a batch or another body of no known form names each of its models: %j", async (body) => {
    expect(await ask("/passthrough/a/messages/batches?model=m", body)).toMatchObject({ status: 403, sent: [] });
  });

  test("a tool names its own", async () => {
    const tools = (model: string) => ({ model: "m", messages, tools: [{ type: "web", model }] });
    expect(await ask("/passthrough/a/chat/completions", tools("secret"))).toMatchObject({ status: 403, sent: [] });
    expect((await ask("/passthrough/a/chat/completions", tools("other"))).status).toBe(200);
  });

  test.each(["/model/m/invoke", "/model/m:0/invoke", "/deployments/m/chat/completions", "/models/m:generate"])(
    "%s names one that is",
    async (path) => {
      expect((await ask(`/passthrough/a${path}`, {})).status).toBe(200);
    },
  );

  test("a redirect to the provider's own address leads through the gateway", async () => {
    const { status, headers } = await ask("/passthrough/a/moved", { model: "m" });
    expect(status).toBe(307);
    expect(headers.get("location")).toBe(`${gateway.url}/passthrough/a/a/v1/moved/?x=1`);
  });
});
