import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ask, goodAnswer, startBench, type Bench } from "../faults/bench.ts";

let bench: Bench;
let key = "";
let recordId = "";
const routes: { path: string; method: string }[] = [];

beforeAll(async () => {
  bench = await startBench({ keys: 1 });
  key = bench.key();
  const model = bench.model("openai-chat", goodAnswer("openai-chat", false));
  recordId = (await ask(bench, "openai-chat", model, { stream: false, key })).id;
  await bench.gateway.records(1);
  const description = (await (await admin("/api/openapi.json")).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const method of Object.keys(methods))
      routes.push({ path: path.replace(/\{\w+\}/, recordId), method: method.toUpperCase() });
  }
});
afterAll(() => bench.stop());

function admin(path: string, method = "GET", token = bench.gateway.adminToken): Promise<Response> {
  return fetch(bench.gateway.url + path, { method, headers: { authorization: `Bearer ${token}` } });
}

async function codeOf(response: Response): Promise<{ status: number; code: string }> {
  const { error } = (await response.json()) as { error?: { code: string } };
  return { status: response.status, code: error?.code ?? "" };
}

/** What there is not, or what takes a body that nobody sends here. */
const WANTED: readonly (readonly [path: string, status: number])[] = [
  ["/api/models/refresh", 404],
  ["/api/experiments/", 404],
  ["/api/routing/simulate", 400],
  ["/api/feedback", 400],
];

describe("the admin token", () => {
  test("every route that is described is known here", () => {
    expect(routes.length).toBeGreaterThanOrEqual(3);
    expect(routes.map(({ path }) => path)).toContain("/api/logs");
  });

  test("opens every route", async () => {
    const wanted = ({ path }: { path: string }): number => WANTED.find(([start]) => path.startsWith(start))?.[1] ?? 200;
    for (const route of routes) {
      const { status } = await admin(route.path, route.method);
      expect({ ...route, status }).toEqual({ ...route, status: wanted(route) });
    }
    expect(
      (
        await fetch(`${bench.gateway.url}/api/logs`, {
          headers: { authorization: `bearer ${bench.gateway.adminToken}` },
        })
      ).status,
    ).toBe(200);
  });

  test("is asked for by every route, and by paths that are none, in every method", async () => {
    const wrong: Record<string, string>[] = [
      {},
      { authorization: "" },
      { authorization: "Bearer" },
      { authorization: "Bearer " },
      { authorization: "Bearer wrong" },
      { authorization: `Bearer ${bench.gateway.adminToken}x` },
      { authorization: `Bearer ${bench.gateway.adminToken.slice(0, -1)}` },
      { authorization: `Bearer ${bench.gateway.adminToken.toUpperCase()}` },
      { authorization: `Basic ${btoa(`admin:${bench.gateway.adminToken}`)}` },
      { authorization: bench.gateway.adminToken },
      { authorization: `Bearer ${key}` },
      { authorization: "Bearer upstream-secret" },
      { "x-api-key": bench.gateway.adminToken },
      { "x-trunkline-key": bench.gateway.adminToken },
      { cookie: `token=${bench.gateway.adminToken}` },
      { authorization: `Bearer ${"x".repeat(7000)}` },
    ];
    const paths = [
      ...routes.map(({ path }) => path),
      "/api",
      "/api/",
      "/api/none",
      "/api/logs/",
      "/api/logs/a/b",
      "/api/../api/logs",
    ];
    for (const path of paths) {
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
        expect(await codeOf(await fetch(bench.gateway.url + path, { method }))).toEqual({
          status: 401,
          code: "unauthenticated",
        });
      }
      for (const headers of wrong) {
        expect(await codeOf(await fetch(bench.gateway.url + path, { headers }))).toEqual({
          status: 401,
          code: "unauthenticated",
        });
      }
    }
    const query = await fetch(
      `${bench.gateway.url}/api/logs?token=${bench.gateway.adminToken}&key=${bench.gateway.adminToken}`,
    );
    expect(query.status).toBe(401);
  });

  test("is no virtual key", async () => {
    const { path, body } = {
      path: "/v1/chat/completions",
      body: '{"model":"p-openai-chat/m","messages":[{"role":"user","content":"hi"}]}',
    };
    const headers = { authorization: `Bearer ${bench.gateway.adminToken}`, "content-type": "application/json" };
    expect((await fetch(bench.gateway.url + path, { method: "POST", headers, body })).status).toBe(401);
  });

  test("other methods are refused, with it", async () => {
    for (const { path } of routes) {
      const known = routes.filter((route) => route.path === path).map(({ method }) => method);
      for (const method of ["POST", "PUT", "PATCH", "DELETE"].filter((each) => !known.includes(each))) {
        const { status } = await admin(path, method);
        expect({ path, method, status }).toEqual({ path, method, status: 405 });
      }
    }
  });
});

describe("queries", () => {
  test.each([
    "unknown=1",
    "LIMIT=1",
    "limit",
    "limit=0",
    "limit=-1",
    "limit=501",
    "limit=1e2",
    "limit=1&limit=2",
    "limit=999999999999999999999",
    "__proto__=1",
    "constructor=1",
    "cursor=garbage",
    "cursor=%00",
    `cursor=${"a".repeat(5000)}`,
    "outcome=none",
    "status=abc",
    "status=99",
    "since=yesterday",
    "since=2026-13-45",
    "min_cost=-1",
    "min_cost=1e999",
    "min_cost=NaN",
    "operation=x",
    `model=${"m".repeat(5000)}`,
  ])("%s is refused by name", async (query) => {
    const response = await admin(`/api/logs?${query}`);
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { param: string; message: string } };
    expect(error.param).toBe(decodeURIComponent(query.split("=")[0] ?? ""));
  });

  test.each([
    "'; DROP TABLE request_logs; --",
    "' OR '1'='1",
    "%' OR 1=1 --",
    "\u0000",
    "\\",
    "%",
    "_",
    '"',
    "💥",
    "x\r\ny",
  ])("the value %j finds nothing and breaks nothing", async (value) => {
    for (const name of ["model", "provider", "virtual_key", "team", "customer", "user", "id_prefix"]) {
      const response = await admin(`/api/logs?${name}=${encodeURIComponent(value)}`);
      expect([200, 400]).toContain(response.status);
      if (response.status === 200) expect(((await response.json()) as { data: unknown[] }).data).toEqual([]);
    }
    const one = await admin(`/api/logs/${encodeURIComponent(value)}`);
    expect([400, 404]).toContain(one.status);
    expect(((await (await admin("/api/logs")).json()) as { data: unknown[] }).data.length).toBeGreaterThan(0);
  });

  test.each(["/api/openapi.json?x=1", `/api/logs/req_x?x=1`])(
    "%s: a route without parameters takes none",
    async (path) => {
      expect((await admin(path)).status).toBe(400);
    },
  );
});

describe("pages", () => {
  test("errors are JSON and never HTML", async () => {
    const response = await admin(`/api/<script>alert(1)</script>`);
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(response.status).toBe(404);
  });

  test("no other origin may read anything", async () => {
    for (const path of ["/", "/api/logs", "/metrics", "/healthz", "/v1/models"]) {
      const response = await fetch(bench.gateway.url + path, { headers: { origin: "https://evil.example" } });
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  test("the page runs no scripts and sits in no frame", async () => {
    const response = await fetch(`${bench.gateway.url}/`);
    expect(response.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });
});
