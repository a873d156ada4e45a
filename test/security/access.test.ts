import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import type { SpokenDialect as ChatDialect } from "../e2e/spoken.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { startMockUpstream, type MockUpstream } from "../mock-upstream/server.ts";
import { goodAnswer, recordOf, TEXT } from "../faults/bench.ts";
import { WIRES } from "../faults/wire.ts";

const NAMES: Record<ChatDialect, string> = {
  "openai-chat": "chat",
  "openai-completions": "completions",
  "openai-responses": "responses",
  ollama: "ollama-like",
  "anthropic-messages": "messages",
  "bedrock-converse": "rock",
  cohere: "coh",
  gemini: "gem",
};

const KEYS = {
  red: "sk-tl-red-0123456789",
  blue: "sk-tl-blue-0123456789",
  off: "sk-tl-off-0123456789",
  old: "sk-tl-old-0123456789",
  bare: "sk-tl-bare-0123456789",
};

let mock: MockUpstream;
let gateway: Gateway;

beforeAll(async () => {
  mock = await startMockUpstream((request) => goodAnswer((request.path.split("/")[1] ?? "") as ChatDialect, false));
  const provider = (dialect: string): object => ({
    dialect,
    base_url: `${mock.url}/${dialect}`,
    keys: [{ name: "main", value: "upstream-secret" }],
    models: ["m", "other"],
    pricing: { "*": { input: 1, output: 1 } },
  });
  const red = { name: "red", value: KEYS.red, team: "red-team" };
  gateway = await startGateway({
    config: {
      version: 1,
      providers: {
        ...Object.fromEntries(Object.keys(WIRES).map((dialect) => [NAMES[dialect as ChatDialect], provider(dialect)])),
        "blue-only": provider("openai-chat"),
      },
      routing: {
        rules: [
          {
            name: "blue rule",
            scope: "team:blue-team",
            when: 'model == "both"',
            targets: [{ provider: "blue-only", model: "m" }],
          },
        ],
      },
      governance: {
        teams: [
          {
            name: "red-team",
            aliases: { mine: "chat/m" },
            rate_limits: [{ metric: "requests", limit: 1000, window: "1Y" }],
          },
          { name: "blue-team", aliases: { mine: "blue-only/m", "blue-secret-alias": "blue-only/other" } },
        ],
        virtual_keys: [
          {
            ...red,
            provider_configs: [
              { provider: "chat", allowed_models: ["m"] },
              { provider: "responses" },
              { provider: "messages" },
              { provider: "coh" },
              { provider: "gem" },
              { provider: "completions" },
              { provider: "ollama-like" },
              { provider: "rock" },
            ],
            rate_limits: [{ metric: "requests", limit: 100, window: "1Y" }],
          },
          {
            name: "blue",
            value: KEYS.blue,
            team: "blue-team",
            provider_configs: [{ provider: "blue-only" }, { provider: "chat" }],
            budgets: [{ limit_usd: 1, period: "never" }],
          },
          { name: "off", value: KEYS.off, enabled: false, provider_configs: [{ provider: "chat" }] },
          { name: "old", value: KEYS.old, expires_at: "2020-01-01", provider_configs: [{ provider: "chat" }] },
          { name: "bare", value: KEYS.bare },
        ],
      },
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});

interface Seen {
  status: number;
  code: string;
  text: string;
  headers: Headers;
  body: string;
}

async function ask(
  model: string,
  headers: Record<string, string>,
  client: ChatDialect = "openai-chat",
  query = "",
): Promise<Seen> {
  const { path, body } = WIRES[client].ask(model, { stream: false });
  const response = await fetch(gateway.url + path + query, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const json: unknown = JSON.parse(text);
  const isGood = response.status === 200;
  return {
    status: response.status,
    code: isGood ? "" : WIRES[client].readError(json).code,
    text: isGood ? WIRES[client].readWhole(json) : "",
    headers: response.headers,
    body: text,
  };
}

const PLACES: [string, (key: string) => Record<string, string>][] = [
  ["Authorization: Bearer", (key) => ({ authorization: `Bearer ${key}` })],
  ["authorization: bearer", (key) => ({ authorization: `bearer ${key}` })],
  ["x-api-key", (key) => ({ "x-api-key": key })],
  ["x-goog-api-key", (key) => ({ "x-goog-api-key": key })],
  ["api-key", (key) => ({ "api-key": key })],
  ["x-trunkline-key", (key) => ({ "x-trunkline-key": key })],
  [
    "the signature of an AWS SDK",
    (key) => ({
      authorization: `AWS4-HMAC-SHA256 Credential=${key}/20261125/us-east-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
    }),
  ],
];

const MODELS: Record<ChatDialect, string> = {
  "openai-chat": "chat/m",
  "openai-completions": "completions/m",
  "openai-responses": "responses/m",
  ollama: "ollama-like/m",
  "anthropic-messages": "messages/m",
  "bedrock-converse": "rock/m",
  cohere: "coh/m",
  gemini: "gem/m",
};

describe.each(PLACES)("a virtual key in %s", (_, place) => {
  test.each(Object.keys(WIRES) as ChatDialect[])("is taken by %s", async (client) => {
    const seen = await ask(MODELS[client], place(KEYS.red), client);
    expect({ status: seen.status, text: seen.text }).toEqual({ status: 200, text: TEXT });
    expect((await recordOf(gateway, seen.headers.get("x-trunkline-request-id") ?? "")).virtual_key).toBe("red");
  });

  test.each([
    ["unknown", "sk-tl-nobody-0123456789"],
    ["one letter off", `${KEYS.red.slice(0, -1)}8`],
    ["longer", `${KEYS.red}x`],
    ["shorter", KEYS.red.slice(0, -1)],
    ["disabled", KEYS.off],
    ["expired", KEYS.old],
    ["somebody else's", "sk-proj-0123456789"],
    ["a prefix alone", "sk-tl-"],
    ["very long", `sk-tl-${"x".repeat(8000)}`],
    ["in other letters", KEYS.red.toUpperCase()],
  ])("is refused when %s", async (_name, key) => {
    for (const client of Object.keys(WIRES) as ChatDialect[]) {
      const before = mock.requests.length;
      expect(await ask(MODELS[client], place(key), client)).toMatchObject({ status: 401, code: "unauthenticated" });
      expect(mock.requests.length).toBe(before);
    }
  });
});

describe("identity", () => {
  test("no key, an empty one, or another scheme is refused", async () => {
    for (const headers of [
      {},
      { authorization: "" },
      { authorization: "Bearer " },
      { authorization: `Basic ${btoa(`x:${KEYS.red}`)}` },
      { authorization: KEYS.red },
      { cookie: `key=${KEYS.red}` },
      { "proxy-authorization": `Bearer ${KEYS.red}` },
    ]) {
      expect(await ask("chat/m", headers as Record<string, string>)).toMatchObject({
        status: 401,
        code: "unauthenticated",
      });
    }
  });

  test("Gemini's query key is taken, and by no other dialect", async () => {
    expect(await ask("gem/m", {}, "gemini", `?key=${KEYS.red}`)).toMatchObject({ status: 200 });
    expect(await ask("chat/m", {}, "openai-chat", `?key=${KEYS.red}`)).toMatchObject({ status: 401 });
  });

  test("a good key beside a bad one: the gateway's own place counts, and two bearers are none", async () => {
    expect(await ask("chat/m", { "x-trunkline-key": KEYS.red, "x-api-key": "sk-tl-nobody-0123456789" })).toMatchObject({
      status: 200,
    });
    expect(await ask("chat/m", { "x-trunkline-key": "sk-tl-nobody-0123456789", "x-api-key": KEYS.red })).toMatchObject({
      status: 401,
    });
    expect(await ask("chat/m", { authorization: `Bearer ${KEYS.red}, Bearer ${KEYS.blue}` })).toMatchObject({
      status: 401,
    });
  });

  test("a placeholder that SDKs insist on does not hide the key", async () => {
    expect(await ask("chat/m", { authorization: "Bearer sk-placeholder", "x-trunkline-key": KEYS.red })).toMatchObject({
      status: 200,
    });
  });
});

describe("two tenants", () => {
  test("reach their own providers and models only", async () => {
    const as = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
    expect(await ask("chat/m", as(KEYS.red))).toMatchObject({ status: 200 });
    expect(await ask("chat/other", as(KEYS.red))).toMatchObject({ status: 403, code: "model_not_allowed" });
    expect(await ask("blue-only/m", as(KEYS.red))).toMatchObject({ status: 403, code: "provider_not_allowed" });
    expect(await ask("chat/other", as(KEYS.blue))).toMatchObject({ status: 200 });
    expect(await ask("blue-only/m", as(KEYS.blue))).toMatchObject({ status: 200 });
    expect(await ask("gem/m", as(KEYS.blue))).toMatchObject({ status: 403 });
    expect(await ask("chat/m", as(KEYS.bare))).toMatchObject({ status: 403 });
  });

  test("a fallback or an alias does not lead around it", async () => {
    const red = { authorization: `Bearer ${KEYS.red}`, "content-type": "application/json" };
    const before = mock.requests.length;
    for (const model of [
      "chat/M",
      "CHAT/m",
      "chat//m",
      "chat/m ",
      " chat/m",
      "chat/./m",
      "blue-only%2fm",
      "chat/other\u0000m",
      "chat/m/../other",
      "*/m",
      "chat/*",
      "chat/m,chat/other",
    ]) {
      const body = JSON.stringify({
        model,
        messages: [{ role: "user", content: "hi" }],
        fallbacks: ["blue-only/m", "chat/other", "blue-secret-alias"],
      });
      const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", headers: red, body });
      expect([400, 403, 404]).toContain(response.status);
    }
    expect(mock.requests.slice(before).map(({ path, json }) => [path, json["model"]])).toEqual([]);
  });

  test("see their own models and aliases only", async () => {
    const list = async (path: string, key: string): Promise<string> =>
      (
        await fetch(gateway.url + path, {
          headers: { authorization: `Bearer ${key}`, "anthropic-version": "2023-06-01" },
        })
      ).text();
    for (const path of [
      "/v1/models",
      "/v1beta/models",
      "/openai/v1/models",
      "/anthropic/v1/models",
      "/genai/v1beta/models",
    ]) {
      expect(await list(path, KEYS.red)).toContain("chat/m");
      expect(await list(path, KEYS.red)).not.toContain("blue");
      expect(await list(path, KEYS.blue)).toContain("blue-secret-alias");
      expect(await list(path, KEYS.blue)).not.toContain("gem/m");
      expect(await list(path, "sk-tl-nobody")).not.toContain("chat/m");
      expect(await list(path, KEYS.bare)).not.toContain("chat/m");
    }
    expect(await list("/v1/models/blue-secret-alias", KEYS.red)).not.toContain("created");
    expect(await list("/v1/models/blue-only/m", KEYS.red)).not.toContain("created");
  });

  test("names mean to each what it defined", async () => {
    const red = await ask("mine", { authorization: `Bearer ${KEYS.red}` });
    const blue = await ask("mine", { authorization: `Bearer ${KEYS.blue}` });
    expect([red.headers.get("x-trunkline-provider"), blue.headers.get("x-trunkline-provider")]).toEqual([
      "chat",
      "blue-only",
    ]);
    expect(await ask("blue-secret-alias", { authorization: `Bearer ${KEYS.red}` })).toMatchObject({ status: 404 });
    expect((await ask("both", { authorization: `Bearer ${KEYS.blue}` })).headers.get("x-trunkline-provider")).toBe(
      "blue-only",
    );
    expect((await ask("both", { authorization: `Bearer ${KEYS.red}` })).status).toBe(404);
  });

  test("an error about one says nothing of the other", async () => {
    for (const model of ["nothing", "blue-only/m", "blue-secret-alias", "x/y"]) {
      const { body, headers } = await ask(model, { authorization: `Bearer ${KEYS.red}` });
      const text = body + JSON.stringify([...headers]);
      expect(text.replaceAll(model, "")).not.toContain("blue");
    }
  });

  test("one uses up its own limit, not the other's", async () => {
    const red = { authorization: `Bearer ${KEYS.red}` };
    let last: Seen = await ask("chat/m", red);
    for (let count = 0; count < 120 && last.status === 200; count += 1) last = await ask("chat/m", red);
    expect(last).toMatchObject({ status: 429, code: "rate_limited" });
    expect(last.body).toContain("virtual_key:red");
    expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
    for (let count = 0; count < 20; count += 1)
      expect((await ask("chat/m", { authorization: `Bearer ${KEYS.blue}` })).status).toBe(200);
  });
});

test("a caller without a good key is refused before its body is there, and recorded", async () => {
  const { port, hostname } = new URL(gateway.url);
  for (const header of ["", `x-trunkline-key: sk-tl-unknown-0123456789\r\n`]) {
    const socket = connect(Number(port), hostname);
    const answer = new Promise<string>((resolve) => socket.once("data", (bytes: Buffer) => resolve(bytes.toString())));
    const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${header}`;
    socket.write(`${head}content-length: 1000000\r\n\r\n{"model":`);
    const text = await answer;
    socket.destroy();
    expect(text).toStartWith("HTTP/1.1 401 ");
    const id = /x-trunkline-request-id: (\S+)/i.exec(text)?.[1] ?? "";
    const record = await recordOf(gateway, id);
    expect(record).toMatchObject({ status: 401, outcome: "unauthenticated", virtual_key: null, attempts: [] });
  }
});
