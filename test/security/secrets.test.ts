import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { SpokenDialect as ChatDialect } from "../e2e/spoken.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { chunk, jsonAnswer, LAST_CHUNK, STREAM_HEAD, textAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream, type Step } from "../mock-upstream/server.ts";
import { PAIRS, WIRES, type Pair } from "../faults/wire.ts";
import { PIECES } from "../faults/bench.ts";

/** Planted where secrets stand; none of them may turn up anywhere but where it belongs. */
const CANARY = {
  provider: "canary-provider-key-4f9a1c",
  spare: "canary-spare-key-8b2d7e",
  header: "canary-header-secret-1e6f3a",
  virtual: "sk-tl-canary-virtual-key-7c5b9d",
  admin: "canary-admin-token-2a8e4c",
  prompt: "canary-prompt-6d1f8b",
};
const SECRETS = [CANARY.provider, CANARY.spare, CANARY.header, CANARY.virtual, CANARY.admin];

let mock: MockUpstream;
let gateway: Gateway;
let script: () => Step[] = () => [];
/** All that clients and operators were shown. */
let shown = "";

beforeAll(async () => {
  mock = await startMockUpstream(() => script());
  const dialects = Object.keys(WIRES) as ChatDialect[];
  const provider = (dialect: ChatDialect): object => ({
    dialect,
    base_url: `${mock.url}/${dialect}`,
    keys: [
      { name: "main", value: "env.CANARY_KEY" },
      { name: "spare", value: CANARY.spare },
    ],
    headers: { "X-Tenant-Secret": CANARY.header },
    models: ["m"],
    network: { max_retries: 0, first_byte_timeout_ms: 300, idle_timeout_ms: 300 },
  });
  gateway = await startGateway({
    config: {
      version: 1,
      log_level: "debug",
      logs: { stdout: true },
      access: { admin_token: CANARY.admin },
      providers: Object.fromEntries(dialects.map((dialect) => [`p-${dialect}`, provider(dialect)])),
      governance: {
        virtual_keys: [
          {
            name: "app",
            value: CANARY.virtual,
            provider_configs: dialects.map((dialect) => ({ provider: `p-${dialect}` })),
          },
        ],
      },
    },
    env: { CANARY_KEY: CANARY.provider, TRUNKLINE_ADMIN_TOKEN: CANARY.admin },
  });
});
afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});

async function show(response: Response): Promise<string> {
  const text = await response.text();
  shown += `${response.status} ${JSON.stringify([...response.headers])} ${text}\n`;
  return text;
}

async function ask(pair: Pair, stream: boolean): Promise<string> {
  const { path, body } = WIRES[pair.client].ask(`p-${pair.provider}/m`, { ...pair.ask, stream, more: {} });
  const headers = { "content-type": "application/json", authorization: `Bearer ${CANARY.virtual}` };
  return show(
    await fetch(gateway.url + path, {
      method: "POST",
      headers,
      body: JSON.stringify(body).replace("Say hello.", CANARY.prompt),
    }),
  );
}

/** What providers say about credentials that they do not like. */
const QUOTES = `Incorrect API key provided: ${CANARY.provider} (or ${CANARY.spare}), tenant ${CANARY.header}. Docs at example.com.`;

interface Leak {
  name: string;
  stream: boolean;
  steps(pair: Pair): Step[];
}

const LEAKS: Leak[] = [
  ...[400, 401, 402, 403, 404, 409, 422, 429, 500, 503].flatMap((status) =>
    [false, true].map((stream) => ({
      name: `status ${status}, stream ${stream}`,
      stream,
      steps: ({ provider }: Pair) =>
        jsonAnswer(WIRES[provider].errorBody(status, QUOTES), status, {
          "x-debug": QUOTES,
          "www-authenticate": QUOTES,
        }),
    })),
  ),
  { name: "plain text", stream: false, steps: () => textAnswer(QUOTES, "text/plain", 400) },
  { name: "HTML", stream: false, steps: () => textAnswer(`<html><title>${QUOTES}</title></html>`, "text/html", 502) },
  {
    name: "fields of the error",
    stream: false,
    steps: () =>
      jsonAnswer(
        {
          error: {
            message: "no",
            type: QUOTES,
            code: QUOTES,
            param: QUOTES,
            status: QUOTES,
            details: [{ reason: QUOTES }],
          },
        },
        400,
      ),
  },
  {
    name: "an error with status 200",
    stream: false,
    steps: ({ provider }) => jsonAnswer(WIRES[provider].errorBody(400, QUOTES)),
  },
  { name: "HTML with status 200", stream: false, steps: () => textAnswer(`<html>${QUOTES}</html>`, "text/html") },
  {
    name: "an error before content",
    stream: true,
    steps: ({ provider }) => [{ write: STREAM_HEAD }, chunk(WIRES[provider].errorEvent(QUOTES)), LAST_CHUNK],
  },
  {
    name: "an error after content",
    stream: true,
    steps: ({ provider }) => {
      const wire = WIRES[provider];
      const events = wire.events(PIECES, wire.usage);
      const first = events.findIndex((event) => wire.isContent(event));
      return [
        { write: STREAM_HEAD },
        ...events.slice(0, first + 2).map((event) => chunk(event)),
        { wait: 20 },
        chunk(wire.errorEvent(QUOTES)),
        LAST_CHUNK,
      ];
    },
  },
];

describe.each(PAIRS.map((pair) => [pair.name, pair] as const))("%s: the provider quotes credentials", (_, pair) => {
  test.each(LEAKS.map((leak) => [leak.name, leak] as const))("in %s", async (_name, leak) => {
    script = () => leak.steps(pair);
    const text = await ask(pair, leak.stream);
    for (const secret of SECRETS) expect(text).not.toContain(secret);
  });
});

test("refusals quote no credential", async () => {
  const bodies = [CANARY.virtual, `${CANARY.virtual}x`, CANARY.admin, CANARY.provider];
  for (const value of bodies) {
    for (const headers of [
      { authorization: `Bearer ${value}` },
      { "x-api-key": value },
      { "x-trunkline-key": value },
      { "x-goog-api-key": value },
      { "api-key": value },
    ]) {
      for (const path of ["/v1/chat/completions", "/v1/messages", "/v1/models", "/api/logs", "/api/none", "/v1/none"]) {
        const method = path.startsWith("/v1/m") && path !== "/v1/messages" ? "GET" : "POST";
        const text = await show(
          await fetch(gateway.url + path, {
            method,
            headers: { "content-type": "application/json", ...headers },
            ...(method === "POST" && { body: "{}" }),
          }),
        );
        for (const secret of SECRETS) expect(text).not.toContain(secret);
      }
    }
  }
});

describe("nothing that is kept or shown holds a secret", () => {
  test("the management API, metrics and the page", async () => {
    const headers = { authorization: `Bearer ${CANARY.admin}` };
    const list = JSON.parse(await show(await fetch(`${gateway.url}/api/logs?limit=500`, { headers }))) as {
      data: { id: string }[];
    };
    expect(list.data.length).toBeGreaterThan(100);
    for (const { id } of list.data.slice(0, 20)) await show(await fetch(`${gateway.url}/api/logs/${id}`, { headers }));
    for (const path of ["/metrics", "/", "/api/openapi.json", "/healthz", "/readyz"])
      await show(await fetch(gateway.url + path, { headers }));
    for (const secret of SECRETS) expect(shown).not.toContain(secret);
  });

  test("the process's own output, at its most talkative, with a line per request", async () => {
    await Bun.sleep(200);
    const log = gateway.log();
    expect(log).toContain('"requested_model"');
    for (const secret of SECRETS) expect(log).not.toContain(secret);
  });

  test("the database and the journal", async () => {
    const files = allFiles(join(gateway.dir, "data"));
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) {
      const bytes = readFileSync(file);
      for (const secret of [...SECRETS, CANARY.prompt])
        expect({ file, secret, at: bytes.indexOf(secret) }).toEqual({ file, secret, at: -1 });
    }
  });

  test("the upstream got its own credential and none of the others", () => {
    expect(mock.requests.length).toBeGreaterThan(100);
    for (const { headers, path, body } of mock.requests) {
      const text = JSON.stringify(headers) + path + body;
      expect(text.includes(CANARY.provider) || text.includes(CANARY.spare)).toBe(true);
      expect(text).not.toContain(CANARY.virtual);
      expect(text).not.toContain(CANARY.admin);
      expect(path).not.toContain("canary");
    }
  });

  test("a configuration that is refused is reported without them", async () => {
    const { exited, stderr } = Bun.spawn(
      [
        process.execPath,
        new URL("../../src/compose/main.ts", import.meta.url).pathname,
        "start",
        "--port",
        "0",
        "--config",
        "/dev/stdin",
      ],
      {
        stdin: Buffer.from(
          JSON.stringify({
            version: 1,
            surprise: CANARY.admin,
            access: { admin_token: [CANARY.admin] },
            providers: {
              x: {
                keys: [{ name: "a", value: { deep: CANARY.provider } }],
                headers: { "x-y": `${CANARY.header}\r\nx` },
              },
            },
          }),
        ),
        stdout: "pipe",
        stderr: "pipe",
        env: { PATH: process.env["PATH"] ?? "" },
        cwd: gateway.dir,
      },
    );
    const text = await new Response(stderr).text();
    expect(await exited).not.toBe(0);
    expect(text.length).toBeGreaterThan(20);
    for (const secret of SECRETS) expect(text).not.toContain(secret);
  });
});

function allFiles(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? allFiles(path) : [path];
  });
}
