import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createServer } from "node:net";
import { jsonAnswer, streamAnswer } from "../mock-upstream/answers.ts";
import type { MockRequest, Step } from "../mock-upstream/server.ts";
import { startMockUpstream, type MockUpstream } from "../mock-upstream/server.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { recordOf } from "./bench.ts";
import { startFullListener, type FullListener } from "./full-listener.ts";
import { WIRES } from "./wire.ts";

const wire = WIRES["openai-chat"];

type Answer = (request: MockRequest, key: string) => Step[];

let mock: MockUpstream;
let gateway: Gateway;
let full: FullListener;
const answers = new Map<string, Answer>();
let used = 0;

/** Providers with two keys each; a test takes a fresh one, as keys rest for long after a refusal. */
const SPARES = 42;

beforeAll(async () => {
  mock = await startMockUpstream((request) => {
    const provider = request.path.split("/")[1] ?? "";
    return (
      answers.get(provider)?.(request, (request.headers["authorization"] ?? "").replace("Bearer secret-", "")) ??
      jsonAnswer({}, 404)
    );
  });
  full = await startFullListener();
  const closed = await closedPort();
  const network = {
    connect_timeout_ms: 300,
    first_byte_timeout_ms: 2000,
    idle_timeout_ms: 2000,
    max_retries: 2,
    backoff_initial_ms: 1,
    backoff_max_ms: 1500,
  };
  const keys = [
    { name: "a", value: "secret-a", weight: 1000 },
    { name: "b", value: "secret-b", weight: 0.000001 },
  ];
  const entry = (base_url: string): object => ({ dialect: "openai-chat", base_url, keys, models: ["m"], network });
  const spares = Array.from({ length: SPARES }, (_, at) => [`two-${at}`, entry(`${mock.url}/two-${at}`)]);
  gateway = await startGateway({
    config: {
      version: 1,
      providers: {
        ...Object.fromEntries(spares),
        refused: entry(`http://127.0.0.1:${closed}`),
        nameless: entry("http://no-such-host.invalid"),
        full: entry(`http://127.0.0.1:${full.port}`),
      },
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  await mock.stop();
  full.stop();
});

function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}

/** A provider that nobody has used, with what it answers. */
function provider(answer: Answer): { name: string; keys(): string[] } {
  const name = `two-${used++}`;
  const seen: string[] = [];
  answers.set(name, (request, key) => {
    seen.push(key);
    return answer(request, key);
  });
  return { name, keys: () => seen };
}

async function post(
  model: string,
  more: Record<string, unknown> = {},
): Promise<{ status: number; headers: Headers; text: string; error: Record<string, unknown>; ms: number }> {
  const started = performance.now();
  const { path, body } = wire.ask(model, { stream: false, more });
  const response = await fetch(gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const ms = performance.now() - started;
  const isStream = more["stream"] === true && response.status === 200;
  const json = isStream ? {} : JSON.parse(text);
  return {
    status: response.status,
    headers: response.headers,
    text: isStream ? wire.readStream(text).text : wire.readWhole(json),
    error: json.error ?? {},
    ms,
  };
}

const good = (text = "fine"): Step[] => jsonAnswer(wire.whole(text, wire.usage));
const failed = (status: number, message: string, headers: Record<string, string> = {}): Step[] =>
  jsonAnswer(wire.errorBody(status, message), status, headers);

describe("429", () => {
  test("turns to the other key at once, and the key rests", async () => {
    const limited = provider((_, key) => (key === "a" ? failed(429, "slow down", { "retry-after": "30" }) : good()));
    const answer = await post(`${limited.name}/m`);
    expect(answer).toMatchObject({ status: 200, text: "fine" });
    expect(limited.keys()).toEqual(["a", "b"]);
    expect(answer.headers.get("x-trunkline-key")).toBe("b");
    expect(answer.headers.get("x-trunkline-attempts")).toBe("2");
    for (let round = 0; round < 5; round += 1) await post(`${limited.name}/m`);
    expect(limited.keys().slice(2)).toEqual(["b", "b", "b", "b", "b"]);
  });

  test("of all keys turns to the fallback without waiting", async () => {
    const limited = provider(() => failed(429, "slow down", { "retry-after": "1" }));
    const other = provider(() => good("other"));
    const answer = await post(`${limited.name}/m`, { fallbacks: [`${other.name}/m`] });
    expect(answer).toMatchObject({ status: 200, text: "other" });
    expect(limited.keys()).toEqual(["a", "b"]);
    const record = await recordOf(gateway, answer.headers.get("x-trunkline-request-id") ?? "");
    expect(record.attempts.map(({ provider: name, key, code, status }) => [name, key, code, status])).toEqual([
      [limited.name, "a", "upstream_rate_limited", 429],
      [limited.name, "b", "upstream_rate_limited", 429],
      [other.name, "a", null, 200],
    ]);
  });

  test("is waited out where nobody else can serve, for as long as the provider asks", async () => {
    const times: number[] = [];
    const limited = provider(() => {
      times.push(performance.now());
      return times.length < 3 ? failed(429, "slow down", { "retry-after": "1" }) : good();
    });
    expect(await post(`${limited.name}/m`)).toMatchObject({ status: 200, text: "fine" });
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  test("is handed on with its retry-after when the wait is too long", async () => {
    const limited = provider(() => failed(429, "come back tomorrow", { "retry-after": "77" }));
    const answer = await post(`${limited.name}/m`);
    expect(answer.status).toBe(429);
    expect(answer.error["message"]).toBe("come back tomorrow");
    expect(answer.headers.get("retry-after")).toBe("77");
    expect(limited.keys()).toEqual(["a", "b"]);
  });
});

describe("a refused credential", () => {
  test.each([401, 402, 403])("%i turns to the other key at once, and the key rests", async (status) => {
    const refusing = provider((_, key) => (key === "a" ? failed(status, "your key secret-a is no good") : good()));
    const answer = await post(`${refusing.name}/m`);
    expect(answer).toMatchObject({ status: 200, text: "fine" });
    expect(refusing.keys()).toEqual(["a", "b"]);
    for (let round = 0; round < 5; round += 1) await post(`${refusing.name}/m`);
    expect(refusing.keys().slice(2)).toEqual(["b", "b", "b", "b", "b"]);
  });

  test.each([401, 402, 403])("%i of all keys is a 502 that says nothing of them", async (status) => {
    const refusing = provider((_, key) => failed(status, `your key secret-${key} is no good`));
    const answer = await post(`${refusing.name}/m`);
    expect(answer.status).toBe(502);
    expect(answer.error["code"]).toBe("upstream_auth");
    expect(JSON.stringify(answer.error)).not.toContain("secret-");
    expect(refusing.keys()).toEqual(["a", "b"]);
  });
});

describe("a request that the provider refuses", () => {
  test.each([400, 404, 413, 422])("%i is passed on with its words, without another attempt", async (status) => {
    const refusing = provider(() => failed(status, "there is no such thing"));
    const other = provider(() => good());
    const answer = await post(`${refusing.name}/m`, { fallbacks: [`${other.name}/m`] });
    expect(answer.status).toBe(status);
    expect(answer.error["message"]).toBe("there is no such thing");
    expect(refusing.keys()).toEqual(["a"]);
    expect(other.keys()).toEqual([]);
    const record = await recordOf(gateway, answer.headers.get("x-trunkline-request-id") ?? "");
    expect(record).toMatchObject({ outcome: "upstream_rejected", status });
  });

  test.each([400, 422])("%i of a stream request too", async (status) => {
    const refusing = provider(() => failed(status, "there is no such thing"));
    const answer = await post(`${refusing.name}/m`, { stream: true });
    expect(answer.status).toBe(status);
    expect(answer.error["message"]).toBe("there is no such thing");
    expect(refusing.keys()).toEqual(["a"]);
  });
});

describe("a fault that may pass", () => {
  test("is not waited for longer than pauses may be", async () => {
    const away = provider(() => failed(503, "back in an hour", { "retry-after": "60" }));
    const rest = provider(() => good("fallback"));
    const seen = await post(`${away.name}/m`, { fallbacks: [`${rest.name}/m`] });
    expect(seen).toMatchObject({ status: 200, text: "fallback" });
    expect(away.keys()).toEqual(["a"]);
    const alone = await post(`${away.name}/m`);
    expect(alone).toMatchObject({ status: 502, error: { code: "upstream_error", message: "back in an hour" } });
    expect(alone.headers.get("retry-after")).toBe("60");
  });

  test.each([500, 502, 503, 529])("%i is tried again with the same key, then falls back", async (status) => {
    const failing = provider(() => failed(status, "out of order"));
    const other = provider(() => good("other"));
    expect(await post(`${failing.name}/m`, { fallbacks: [`${other.name}/m`] })).toMatchObject({
      status: 200,
      text: "other",
    });
    expect(failing.keys()).toEqual(["a", "a", "a"]);
  });

  test("that passes leaves no trace but the attempts", async () => {
    let count = 0;
    const failing = provider(() => (count++ < 2 ? failed(503, "warming up") : good()));
    const answer = await post(`${failing.name}/m`);
    expect(answer).toMatchObject({ status: 200, text: "fine" });
    expect(answer.headers.get("x-trunkline-attempts")).toBe("3");
  });

  test("of everybody ends with the first one's error and all attempts", async () => {
    const first = provider(() => failed(500, "first is out of order"));
    const second = provider(() => failed(503, "second is out of order"));
    const third = provider(() => failed(429, "third is busy", { "retry-after": "60" }));
    const answer = await post(`${first.name}/m`, { fallbacks: [`${second.name}/m`, `${third.name}/m`] });
    expect(answer.status).toBe(502);
    expect(answer.error["message"]).toBe("first is out of order");
    const made = (answer.error["attempts"] as { provider: string; status: number }[]).map(
      ({ provider: name, status }) => [name, status],
    );
    expect(made).toEqual([
      ...Array.from({ length: 3 }, () => [first.name, 500]),
      ...Array.from({ length: 3 }, () => [second.name, 503]),
      [third.name, 429],
      [third.name, 429],
    ]);
    const record = await recordOf(gateway, answer.headers.get("x-trunkline-request-id") ?? "");
    expect(record).toMatchObject({
      outcome: "upstream_failed",
      status: 502,
      provider: null,
      input_tokens: null,
      cost_nano_usd: 0,
    });
    expect(record.attempts).toHaveLength(8);
  });

  test("in a stream before its content is tried again", async () => {
    let count = 0;
    const failing = provider(() =>
      count++ === 0 ? failed(500, "out of order") : streamAnswer(wire.events(["fi", "ne"], wire.usage)),
    );
    expect(await post(`${failing.name}/m`, { stream: true })).toMatchObject({ status: 200, text: "fine" });
  });
});

describe.each([
  ["refused", "upstream_unreachable", 502],
  ["nameless", "upstream_unreachable", 502],
  ["full", "upstream_timeout", 504],
])("no connection (%s)", (name, code, status) => {
  test.each([false, true])("fails with its code, stream %p", async (stream) => {
    const answer = await post(`${name}/m`, { stream });
    expect({ status: answer.status, code: answer.error["code"] }).toEqual({ status, code });
    expect(answer.error["message"]).not.toContain("127.0.0.1");
  });

  test("falls back", async () => {
    const other = provider(() => good("other"));
    expect(await post(`${name}/m`, { fallbacks: [`${other.name}/m`] })).toMatchObject({ status: 200, text: "other" });
  });
});

test("fallbacks that are not known are skipped with a word in the trace", async () => {
  const failing = provider(() => failed(500, "out of order"));
  const other = provider(() => good("other"));
  const answer = await post(`${failing.name}/m`, { fallbacks: ["nobody/m", `${other.name}/m`] });
  expect(answer).toMatchObject({ status: 200, text: "other" });
  expect(answer.headers.get("x-trunkline-route")).toContain("nobody/m");
});
