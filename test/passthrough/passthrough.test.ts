import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import { connect } from "node:net";
import type { Gateway } from "../gateway/start.ts";
import { chatAnswer, KEYS, startScene, startUpstream, type Upstream } from "./scene.ts";

let upstream: Upstream;
let gateway: Gateway;
let answer: (request: Request, body: string) => Response | Promise<Response> = () => new Response("ok");

beforeAll(async () => {
  upstream = startUpstream((request, body) => answer(request, body), true);
  gateway = await startScene(upstream.url);
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
});

function ask(path: string, init: RequestInit = {}, key = KEYS.all): Promise<Response> {
  const headers = { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string>) };
  return fetch(`${gateway.url}/passthrough/openai${path}`, { ...init, headers });
}

function json(body: unknown, method = "POST"): RequestInit {
  return { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}

async function recordOf(response: Response) {
  const id = response.headers.get("x-trunkline-request-id");
  for (let round = 0; round < 400; round += 1) {
    const found = (await gateway.records(1)).find((record) => record.id === id);
    if (found !== undefined) return found;
    await Bun.sleep(25);
  }
  return undefined;
}

describe("what goes along", () => {
  test("method, path, query and body as they are, and the provider's credential", async () => {
    answer = () => new Response("file", { headers: { "content-type": "text/plain", "x-own": "1" } });
    const response = await ask("/fine_tuning/jobs/ft%3A1?limit=5&after=a%20b", {
      method: "PATCH",
      body: "raw \u0000 bytes",
      headers: { "content-type": "application/x-own", "openai-beta": "x=v2" },
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("file");
    expect(response.headers.get("x-own")).toBe("1");
    expect(response.headers.get("x-trunkline-provider")).toBe("openai");
    const seen = upstream.seen.at(-1);
    expect(seen).toMatchObject({
      method: "PATCH",
      target: "/v1/fine_tuning/jobs/ft%3A1?limit=5&after=a%20b",
      body: "raw \u0000 bytes",
    });
    expect(seen?.headers).toMatchObject({
      authorization: "Bearer sk-upstream-secret-1",
      "content-type": "application/x-own",
      "openai-beta": "x=v2",
      "openai-organization": "org-ours",
    });
  });

  test("no credential, cookie or address of the caller in any header or query field", async () => {
    answer = () => new Response("ok", { headers: { "set-cookie": "a=b", connection: "x-hop", "x-hop": "1" } });
    const response = await ask(`/models?key=${KEYS.all}&x=${KEYS.all}&api_key=mine&limit=1`, {
      headers: {
        "x-api-key": "sk-caller",
        "x-goog-api-key": KEYS.all,
        "api-key": "k",
        cookie: "s=1",
        "x-forwarded-for": "10.0.0.9",
        "x-trunkline-route": "x",
        "x-bf-vk": KEYS.all,
        "x-odd": `in the midst ${KEYS.all}`,
        "openai-organization": "org-theirs",
        "x-fine": "yes",
      },
    });
    const seen = upstream.seen.at(-1);
    expect(seen?.target).toBe("/v1/models?limit=1");
    expect(JSON.stringify(seen)).not.toContain("sk-tl-");
    expect(JSON.stringify(seen)).not.toContain("sk-caller");
    for (const name of ["cookie", "x-forwarded-for", "x-api-key", "api-key", "x-trunkline-route"]) {
      expect(seen?.headers[name]).toBeUndefined();
    }
    expect(seen?.headers["openai-organization"]).toBe("org-ours");
    expect(seen?.headers["x-fine"]).toBe("yes");
    expect(response.headers.get("set-cookie")).toBeNull();
    expect(response.headers.get("x-hop")).toBeNull();
  });

  test("an error is the provider's own, without a credential that it quotes", async () => {
    answer = () => Response.json({ error: { message: "bad key sk-upstream-secret-1" } }, { status: 401 });
    const response = await ask("/models");
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ error: { message: "bad key ***" } });
    expect(await recordOf(response)).toMatchObject({
      operation: "passthrough",
      status: 401,
      outcome: "upstream_failed",
    });
  });

  test("204 and HEAD have no body, redirects are the client's to follow", async () => {
    answer = (request) =>
      request.method === "DELETE"
        ? new Response(null, { status: 204 })
        : new Response(null, { status: 302, headers: { location: "https://elsewhere.example/x" } });
    expect((await ask("/files/1", { method: "DELETE" })).status).toBe(204);
    const moved = await ask("/files/1", { redirect: "manual" });
    expect(moved.status).toBe(302);
    expect(moved.headers.get("location")).toBe("https://elsewhere.example/x");
    expect((await ask("/files/1", { method: "HEAD", redirect: "manual" })).status).toBe(302);
  });
});

describe("nowhere but below the provider's address", () => {
  const paths = [
    "/../admin",
    "/%2e%2e/admin",
    "/.%2E/admin",
    "/a/..%2fadmin",
    "//evil.example/x",
    "/a//b",
    "/a%2fb",
    "/a%5cb",
    "/..;x/admin",
    "/%252e%252e/admin",
    "/a%00b",
  ];
  for (const path of paths) {
    test(`GET ${path}`, async () => {
      const before = upstream.seen.length;
      const status = await rawStatus(`GET /passthrough/openai${path} HTTP/1.1\r\nhost: gateway\r\n`);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(upstream.seen.length).toBe(before);
    });
  }

  test("backward slashes, which are forward ones in an address, lead nowhere either", async () => {
    answer = () => new Response("ok");
    const before = upstream.seen.length;
    await rawStatus("GET /passthrough/openai/a\\..\\b HTTP/1.1\r\nhost: gateway\r\n");
    for (const { target } of upstream.seen.slice(before)) expect(target).toStartWith("/v1/");
  });

  test("an absolute target and Host name no other host", async () => {
    answer = () => new Response("ok");
    const before = upstream.seen.length;
    await rawStatus("GET http://evil.example/passthrough/openai/models HTTP/1.1\r\nhost: evil.example\r\n");
    await rawStatus("GET /passthrough/openai/models HTTP/1.1\r\nhost: evil.example\r\nx-forwarded-host: evil\r\n");
    for (const seen of upstream.seen.slice(before)) {
      expect(seen.target).toBe("/v1/models");
      expect(seen.headers["host"]).toBe(new URL(upstream.url).host);
    }
  });

  test("TRACE, unknown providers, and one that is written like an address", async () => {
    expect(await rawStatus("TRACE /passthrough/openai/models HTTP/1.1\r\nhost: g\r\n")).toBeGreaterThanOrEqual(400);
    const head = { headers: { authorization: `Bearer ${KEYS.all}` } };
    expect((await fetch(`${gateway.url}/passthrough/nobody/models`, head)).status).toBe(404);
    expect((await fetch(`${gateway.url}/passthrough/evil.example%2Fx/models`, head)).status).toBe(404);
  });

  test("the address's own path is not written twice", async () => {
    answer = () => new Response("ok");
    await ask("/v1/models");
    expect(upstream.seen.at(-1)?.target).toBe("/v1/models");
  });
});

/** Sends a head as it is, with a good key. */
function rawStatus(head: string): Promise<number> {
  const { hostname, port } = new URL(gateway.url);
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(Number(port), hostname, () =>
      socket.write(`${head}authorization: Bearer ${KEYS.all}\r\nconnection: close\r\n\r\n`),
    );
    socket.on("data", (bytes) => (text += bytes.toString("latin1")));
    socket.on("close", () => resolve(Number(text.split(" ")[1] ?? 599)));
    socket.on("error", () => resolve(599));
  });
}

describe("who may", () => {
  test("a key, and a grant on the provider", async () => {
    expect((await fetch(`${gateway.url}/passthrough/openai/models`)).status).toBe(401);
    expect((await ask("/models", {}, KEYS.none)).status).toBe(403);
  });

  test("a key for some models only where the request tells its model", async () => {
    answer = () => chatAnswer();
    const some = (path: string, init: RequestInit): Promise<Response> => ask(path, init, KEYS.some);
    expect((await some("/models", {})).status).toBe(403);
    expect(
      (await some("/chat/completions", json({ model: "gpt-4o-mini", messages: [{ role: "user", content: "hi" }] })))
        .status,
    ).toBe(200);
    expect((await some("/chat/completions", json({ model: "gpt-4o", messages: [] }))).status).toBe(403);
    expect((await some("/completions-of-tomorrow", json({ model: "gpt-4o-mini" }))).status).toBe(200);
    expect((await some("/completions-of-tomorrow", json({ model: "gpt-4o-mini", models: ["gpt-4o"] }))).status).toBe(
      403,
    );
    expect((await some("/completions-of-tomorrow?model=gpt-4o", json({ model: "gpt-4o-mini" }))).status).toBe(403);
    const twice = { ...json({}), body: '{"model":"gpt-4o-mini","model":"gpt-4o"}' };
    expect((await some("/completions-of-tomorrow", twice)).status).toBe(400);
  });
});

describe("what it costs", () => {
  test("a known path is charged by the answer's usage, whole or streamed", async () => {
    answer = () => chatAnswer();
    const asked = json({ model: "gpt-4o-mini", messages: [{ role: "user", content: "hi" }] });
    const whole = await recordOf(await ask("/chat/completions", asked, KEYS.poor));
    expect(whole).toMatchObject({
      operation: "passthrough",
      model: "gpt-4o-mini",
      input_tokens: 1000,
      output_tokens: 500,
    });
    expect(whole?.cost_nano_usd).toBe(450_000);
    expect(whole?.charges.length).toBeGreaterThan(0);
    const usage =
      '{"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30}}';
    const text =
      '{"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}]}';
    const stream = `data: ${text}\n\ndata: ${usage}\n\ndata: [DONE]\n\n`;
    answer = () => new Response(stream, { headers: { "content-type": "text/event-stream" } });
    const body = { model: "gpt-4o-mini", stream: true, messages: [{ role: "user", content: "hi" }] };
    const streamed = await ask("/chat/completions", json(body));
    expect(await streamed.text()).toBe(stream);
    expect(await recordOf(streamed)).toMatchObject({ input_tokens: 10, output_tokens: 20, outcome: "success" });
  });

  test("elsewhere the cost is unknown, with a warning", async () => {
    answer = () => Response.json({ data: [] });
    const record = await recordOf(await ask("/fine_tuning/jobs", {}, KEYS.poor));
    expect(record?.cost_nano_usd).toBeNull();
    expect(record?.warnings.map(({ code }) => code)).toContain("price_unknown");
  });

  test("a budget that has no room refuses, and what is unknown can be refused", async () => {
    answer = () => chatAnswer("gpt-4");
    const big = { model: "gpt-4", max_tokens: 100_000, messages: [{ role: "user", content: "hi" }] };
    expect((await ask("/chat/completions", json(big), KEYS.poor)).status).toBe(402);
    const strict = await startScene(upstream.url, { unknown_price: "refuse" });
    const head = { headers: { authorization: `Bearer ${KEYS.poor}` } };
    expect((await fetch(`${strict.url}/passthrough/openai/models`, head)).status).toBe(402);
    expect(
      (await fetch(`${strict.url}/passthrough/openai/models`, { headers: { authorization: `Bearer ${KEYS.all}` } }))
        .status,
    ).toBe(200);
    await strict.stop();
  });
});

describe("streams", () => {
  test("the body flows on before it is complete, and so does the answer", async () => {
    let arrived: (text: string) => void = () => {};
    const first = new Promise<string>((resolve) => (arrived = resolve));
    const piecewise = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch(request) {
        return new Response(
          new ReadableStream({
            async start(controller) {
              for await (const chunk of request.body ?? []) {
                arrived(Buffer.from(chunk).toString());
                controller.enqueue(chunk);
              }
              controller.close();
            },
          }),
        );
      },
    });
    const own = await startScene(`http://127.0.0.1:${piecewise.port}`);
    let send: (text: string | null) => void = () => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        send = (text) => (text === null ? controller.close() : controller.enqueue(Buffer.from(text)));
      },
    });
    send("one");
    const asked = fetch(`${own.url}/passthrough/openai/echo`, {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${KEYS.all}`, "content-type": "application/octet-stream" },
    });
    expect(await first).toBe("one");
    send("two");
    send(null);
    expect(await (await asked).text()).toBe("onetwo");
    await own.stop();
    await piecewise.stop(true);
  });

  test("a flood waits for a slow reader", async () => {
    let written = 0;
    answer = () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            written += 65_536;
            if (written > 256 * 1024 * 1024) controller.close();
            else controller.enqueue(new Uint8Array(65_536));
          },
        }),
        { headers: { "content-type": "application/octet-stream" } },
      );
    const stop = new AbortController();
    const response = await ask("/files/x/content", { signal: stop.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    let seen = -1;
    while (seen !== written) {
      seen = written;
      await Bun.sleep(300);
    }
    expect(written).toBeLessThan(100 * 1024 * 1024);
    stop.abort();
    expect(await recordOf(response)).toMatchObject({ outcome: "client_aborted" });
  });

  test("an answer that stalls ends the client's connection, and the record says so", async () => {
    answer = () =>
      new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(Buffer.from("begun"));
          },
        }),
      );
    const response = await ask("/files/y/content");
    expect(await response.text().catch(() => null)).toBeNull();
    expect(await recordOf(response)).toMatchObject({ outcome: "upstream_stalled" });
  });
});

test("the SDK works with it as with the vendor", async () => {
  answer = () =>
    Response.json({ object: "list", data: [{ id: "gpt-4o-mini", object: "model", created: 1, owned_by: "x" }] });
  const client = new OpenAI({ apiKey: KEYS.all, baseURL: `${gateway.url}/passthrough/openai`, maxRetries: 0 });
  const models = await client.models.list();
  expect(models.data[0]?.id).toBe("gpt-4o-mini");
});
