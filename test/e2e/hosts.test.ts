import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { SpokenDialect as ChatDialect } from "./spoken.ts";
import type { ProviderManifest, Wire } from "../../src/canonical/provider.ts";
import { manifests } from "../../src/compose/providers.ts";
import { settingsOf } from "../../src/domain/config/index.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer, streamAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockRequest, type MockUpstream, type Step } from "../mock-upstream/server.ts";
import type { Loose } from "./reading/loose.ts";
import { leastRequest, sendRequest, type ClientAnswer } from "./recorded/client.ts";

const KEY = "sk-tl-hosts";
const HOSTS = manifests.filter(({ hosted, auth }) => hosted !== true && auth.type !== "signed");
/** Path of the mock's addresses, so that a wire's own base path shows. */
const PROXY = "/proxy";

let gateway: Gateway;
let mock: MockUpstream;
let answer: (request: MockRequest) => Step[] = () => jsonAnswer({ data: [] });

beforeAll(async () => {
  mock = await startMockUpstream((request) => answer(request));
  const network = { max_retries: 0 };
  const entries = HOSTS.map((manifest) => {
    const keys = manifest.keyOptional === true ? [] : [{ name: "main", value: `key-of-${manifest.name}` }];
    return [manifest.name, { base_url: mock.url + PROXY + pathOf(manifest), network, keys }];
  });
  const provider_configs = HOSTS.map(({ name }) => ({ provider: name }));
  gateway = await startGateway({
    config: {
      providers: Object.fromEntries(entries),
      governance: { virtual_keys: [{ name: "app", value: KEY, provider_configs }] },
    },
  });
});

afterAll(async () => {
  await gateway?.stop();
  await mock?.stop();
});

function pathOf(manifest: ProviderManifest): string {
  const settings = settingsOf(manifest, {}, {});
  return new URL(manifest.baseUrl.replace(/\{(\w+)\}/g, (_, name: string) => settings[name] ?? "")).pathname.replace(
    /\/$/,
    "",
  );
}

const COMPLETION = {
  id: "c1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
};

const ANSWERS: Record<ChatDialect, object> = {
  cohere: {
    id: "c1",
    finish_reason: "COMPLETE",
    message: { role: "assistant", content: [{ type: "text", text: "Hello" }] },
    usage: { billed_units: { input_tokens: 3, output_tokens: 1 }, tokens: { input_tokens: 3, output_tokens: 1 } },
  },
  "bedrock-converse": {
    output: { message: { role: "assistant", content: [{ text: "Hello" }] } },
    stopReason: "end_turn",
    usage: { inputTokens: 3, outputTokens: 1, totalTokens: 4 },
    metrics: { latencyMs: 1 },
  },
  "openai-chat": COMPLETION,
  "openai-responses": {
    id: "r1",
    object: "response",
    created_at: 1,
    model: "m",
    status: "completed",
    output: [
      {
        id: "m1",
        type: "message",
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text: "Hello", annotations: [] }],
      },
    ],
    usage: { input_tokens: 3, output_tokens: 1, total_tokens: 4 },
  },
  "anthropic-messages": {
    id: "a1",
    type: "message",
    role: "assistant",
    model: "m",
    content: [{ type: "text", text: "Hello" }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 3, output_tokens: 1 },
  },
  "openai-completions": {
    id: "c1",
    object: "text_completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, text: "Hello", logprobs: null, finish_reason: "stop" }],
    usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
  },
  ollama: {
    model: "m",
    created_at: "2026-01-01T00:00:00Z",
    message: { role: "assistant", content: "Hello" },
    done: true,
    done_reason: "stop",
    prompt_eval_count: 3,
    eval_count: 1,
  },
  gemini: { candidates: [{ content: { role: "model", parts: [{ text: "Hello" }] }, finishReason: "STOP" }] },
};

const OPERATION_PATHS: Partial<Record<string, string>> = {
  "openai-chat": "/chat/completions",
  "openai-responses": "/responses",
  "anthropic-messages": "/messages",
  "openai-completions": "/completions",
  ollama: "/api/chat",
};

/** Sends a body and gives what the provider received. */
async function call(
  dialect: ChatDialect,
  model: string,
  fields: Loose = {},
  isStream = false,
): Promise<{ sent: MockRequest; got: ClientAnswer }> {
  mock.requests.length = 0;
  const request = leastRequest(dialect, model, isStream);
  const body = JSON.stringify({ ...JSON.parse(request.body), ...fields });
  const got = await sendRequest(gateway.url, KEY, { ...request, body });
  const [sent] = mock.requests.filter(({ method }) => method === "POST");
  if (sent === undefined) throw new Error(`no upstream call: ${got.status} ${got.bytes.toString()}`);
  return { sent, got };
}

const CHAT_WIRES = HOSTS.flatMap((manifest) =>
  manifest.wires
    .filter(({ operations, dialect }) => operations.includes("chat") && OPERATION_PATHS[dialect] !== undefined)
    .map((wire): [string, ProviderManifest, Wire] => [
      `${manifest.name}: ${wire.dialect} ${wire.models?.join() ?? ""}`,
      manifest,
      wire,
    ]),
);

test.each(CHAT_WIRES)("%s is called where its vendor documents it", async (_name, manifest, wire) => {
  const dialect = wire.dialect as ChatDialect;
  answer = () => jsonAnswer(ANSWERS[dialect]);
  const model = wire.models?.[0]?.replace("*", "-x") ?? "model-x";
  const { sent, got } = await call(dialect, `${manifest.name}/${model}`);
  expect(got.status).toBe(200);
  const base = PROXY + (wire.basePath ?? pathOf(manifest));
  expect(sent.path).toBe(base + (wire.paths?.whole ?? OPERATION_PATHS[dialect] ?? ""));
  expect(sent.json["model"]).toBe(model);
  const { auth, name } = manifest;
  if (manifest.keyOptional === true) expect(sent.headers["authorization"]).toBeUndefined();
  else if (auth.type === "header") expect(sent.headers[auth.name]).toBe(`key-of-${name}`);
  else expect(sent.headers["authorization"]).toBe(`Bearer key-of-${name}`);
  if (dialect === "anthropic-messages") expect(sent.headers["anthropic-version"]).toBe("2023-06-01");
  expect(JSON.stringify(sent)).not.toContain(KEY);
});

describe("what a relayed request may not hold", () => {
  const chat = (model: string, fields: Loose, isStream = false) => {
    answer = () =>
      isStream
        ? streamAnswer([
            `data: ${JSON.stringify({ ...COMPLETION, object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: "Hello" }, finish_reason: "stop" }] })}\n\n`,
            "data: [DONE]\n\n",
          ])
        : jsonAnswer(COMPLETION);
    return call("openai-chat", model, fields, isStream);
  };

  test("Mistral: newer names become its own, unknown fields go with a warning", async () => {
    const fields = { max_completion_tokens: 9, seed: 4, store: false, service_tier: "auto", temperature: 0.5 };
    const { sent, got } = await chat("mistral/mistral-small-latest", fields);
    expect(sent.json).toEqual({
      model: "mistral-small-latest",
      messages: [{ role: "user", content: "Hello" }],
      temperature: 0.5,
      max_tokens: 9,
      random_seed: 4,
    });
    expect(got.headers.get("x-trunkline-warnings")).toBe("unsupported_field store; unsupported_field service_tier");
  });

  test("Mistral: streams bring usage unasked, and are not asked for it", async () => {
    const { sent, got } = await chat("mistral/mistral-small-latest", {}, true);
    expect(sent.json).toEqual({
      model: "mistral-small-latest",
      messages: [{ role: "user", content: "Hello" }],
      stream: true,
    });
    expect(got.headers.get("x-trunkline-warnings")).toBeNull();
  });

  test("Groq: fields that it answers with 400", async () => {
    const { sent, got } = await chat("groq/m", { logprobs: true, logit_bias: { a: 1 }, user: "u" });
    expect(sent.json).toEqual({ model: "m", messages: [{ role: "user", content: "Hello" }], user: "u" });
    expect(got.headers.get("x-trunkline-warnings")).toContain("unsupported_field logprobs");
  });

  test.each(["deepseek", "mistral", "zai", "dashscope"])("%s: the developer role is the system's", async (provider) => {
    const messages = [
      { role: "developer", content: "Be brief" },
      { role: "user", content: "Hello", name: "bob" },
    ];
    const { sent, got } = await chat(`${provider}/m`, { messages, temperature: 1 });
    expect(got.status).toBe(200);
    expect(sent.json).toEqual({
      model: "m",
      messages: [{ role: "system", content: "Be brief" }, messages[1]],
      temperature: 1,
    });
  });

  test("Mistral: ids of calls that it refuses are not relayed", async () => {
    const withId = (id: string): object[] => [
      { role: "user", content: "Hello" },
      {
        role: "assistant",
        content: "",
        tool_calls: [{ id, type: "function", function: { name: "f", arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: id, content: "x" },
    ];
    const { sent } = await chat("mistral/m", { messages: withId("call_PTLP8xhu3uwZk4l3nlnrrJha") });
    const id = /"tool_call_id":"([a-zA-Z0-9]{9})"/.exec(sent.body)?.[1];
    expect(sent.json["messages"]).toEqual(withId(id ?? "none"));
    const { sent: relayed } = await chat("mistral/m", { messages: withId("abcdef123") });
    expect(relayed.json["messages"]).toEqual(withId("abcdef123"));
  });

  test("DeepSeek: a schema goes along as words", async () => {
    const json_schema = { name: "n", schema: { type: "object", properties: { a: { type: "string" } } } };
    const { sent, got } = await chat("deepseek/m", { response_format: { type: "json_schema", json_schema } });
    expect(sent.json["response_format"]).toEqual({ type: "json_object" });
    expect(JSON.stringify(sent.json["messages"])).toContain("JSON Schema");
    expect(got.headers.get("x-trunkline-warnings")).toBe("changed_field response_format");
  });

  test("OpenRouter: the same request passes to the byte", async () => {
    const fields = {
      messages: [{ role: "developer", content: "x" }],
      max_completion_tokens: 5,
      provider: { sort: "price" },
    };
    const { sent } = await chat("openrouter/openai/gpt-5", fields);
    expect(sent.body).toBe(JSON.stringify({ model: "openai/gpt-5", ...fields }));
  });
});

test.each([false, true])(
  "a name that a chat refuses is the client's again in the answer, streamed: %p",
  async (isStream) => {
    const name = `mcp__plugin_studio_analytics__${"get_video_".repeat(6)}`;
    answer = ({ body }) => {
      const sent = /"function":\{"name":"([a-zA-Z0-9_-]{1,64})"/.exec(body)?.[1] ?? "none";
      const calls = [{ index: 0, id: "c", type: "function", function: { name: sent, arguments: "{}" } }];
      const choice = { index: 0, finish_reason: "tool_calls" };
      const whole = { ...choice, message: { role: "assistant", content: null, tool_calls: calls } };
      const piece = { ...choice, delta: { role: "assistant", tool_calls: calls } };
      return isStream
        ? streamAnswer([`data: ${JSON.stringify({ ...COMPLETION, choices: [piece] })}\n\n`, "data: [DONE]\n\n"])
        : jsonAnswer({ ...COMPLETION, choices: [whole] });
    };
    const tools = [{ name, input_schema: { type: "object" } }];
    const { sent, got } = await call("anthropic-messages", "groq/m", { tools }, isStream);
    expect(sent.body).not.toContain(name);
    expect(got.bytes.toString()).toContain(`"type":"tool_use","id":"c","name":"${name}"`);
    expect(got.headers.get("x-trunkline-warnings")).toContain("changed_field tools");
  },
);

describe("reasoning for clients of other dialects", () => {
  const thinking = { thinking: { type: "enabled", budget_tokens: 20000 }, max_tokens: 30000 };
  const ask = async (model: string): Promise<Loose> => {
    answer = () => jsonAnswer(COMPLETION);
    const { sent } = await call("anthropic-messages", model, thinking);
    const {
      model: _model,
      messages: _messages,
      max_tokens: _limit,
      max_completion_tokens: _newer,
      ...rest
    } = sent.json;
    return rest;
  };

  test.each([
    ["groq/m", { reasoning_effort: "high" }],
    ["mistral/m", { reasoning_effort: "high" }],
    ["xai/m", { reasoning_effort: "high" }],
    ["cerebras/m", { reasoning_effort: "high" }],
    ["tencent/m", { thinking: { type: "enabled" } }],
    ["nvidia/m", { chat_template_kwargs: { enable_thinking: true, thinking: true }, reasoning_effort: "high" }],
    ["modelscope/m", { enable_thinking: true, thinking_budget: 20000 }],
    ["writer/m", {}],
  ])("%s", async (model, wanted) => expect(await ask(model)).toEqual(wanted));

  test("MiniMax's tags are reasoning to an Anthropic client of a host without Messages", async () => {
    const content = "<think>\nGreet.\n</think>\n\nHello";
    answer = () =>
      jsonAnswer({
        ...COMPLETION,
        choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
      });
    const { got } = await call("anthropic-messages", "nvidia/m");
    const { content: blocks } = JSON.parse(got.bytes.toString());
    expect(blocks).toMatchObject([
      { type: "thinking", thinking: "Greet." },
      { type: "text", text: "Hello" },
    ]);
  });

  test("a client of the host's dialect gets them as they are", async () => {
    const content = "<think>a</think>b";
    answer = () =>
      jsonAnswer({
        ...COMPLETION,
        choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
      });
    const { got } = await call("openai-chat", "nvidia/m");
    expect(JSON.parse(got.bytes.toString()).choices[0].message.content).toBe(content);
  });
});

test("MiniMax's errors of status 200 are errors", async () => {
  answer = () =>
    jsonAnswer({ id: "1", choices: null, base_resp: { status_code: 1002, status_msg: "rate limit exceeded" } });
  const { got } = await call("openai-chat", "minimax/MiniMax-M2");
  expect(got.status).toBe(429);
  expect(got.bytes.toString()).toContain("rate limit exceeded");
});

test("Voyage's dimensions go under its own name", async () => {
  mock.requests.length = 0;
  answer = () =>
    jsonAnswer({
      object: "list",
      data: [{ object: "embedding", index: 0, embedding: [1] }],
      model: "m",
      usage: { total_tokens: 2 },
    });
  const response = await fetch(`${gateway.url}/v1/embeddings`, {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "voyage/voyage-3", input: "a", dimensions: 256 }),
  });
  expect(response.status).toBe(200);
  const sent = mock.requests.find(({ method }) => method === "POST");
  expect(sent?.path).toBe(`${PROXY}/v1/embeddings`);
  expect(sent?.json).toEqual({ model: "voyage-3", input: "a", output_dimension: 256 });
});
