import { afterAll, beforeAll, expect, test } from "bun:test";
import OpenAI from "openai";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream } from "../mock-upstream/server.ts";

const KEYS = { one: "sk-tl-sticky-tests-0000000000000001", two: "sk-tl-sticky-tests-0000000000000002" };
const LONG = "All work and no play makes Jack a dull boy. ".repeat(200);

/** What providers say of their caches, and which of them fail. */
const cached = new Map<string, number>();
const failing = new Set<string>();

let mock: MockUpstream;
let gateway: Gateway;

/** Providers by the alias whose pair they are: each test has a pair of its own. */
const PAIRS: Readonly<Record<string, object>> = {
  named: {},
  tenants: {},
  failover: {},
  learned: {},
  never: { sticky: "off" },
  always: { sticky: "on" },
  first: { policy: "priority" },
  cost: { policy: "cheapest" },
  spread: {},
  sdk: {},
  keys: {},
  counted: {},
};

/** US dollars per million tokens of the first and the second of a pair. */
const PRICES = [
  { input: 10, cached_input: 1, output: 10 },
  { input: 4, cached_input: 4, output: 4 },
];

beforeAll(async () => {
  mock = await startMockUpstream(({ path }) => {
    const name = path.split("/")[1] ?? "";
    if (failing.has(name)) return jsonAnswer({ error: { message: "no", type: "server_error" } }, 500);
    return jsonAnswer({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1,
      model: "m",
      choices: [{ index: 0, message: { role: "assistant", content: name }, finish_reason: "stop" }],
      usage: {
        prompt_tokens: 2300,
        completion_tokens: 10,
        total_tokens: 2310,
        prompt_tokens_details: { cached_tokens: cached.get(name) ?? 0 },
      },
    });
  });
  const provider = (name: string, at: number): [string, object] => [
    name,
    {
      dialect: "openai-chat",
      base_url: `${mock.url}/${name}`,
      keys: [1, 2, 3].map((key) => ({ name: `k${key}`, value: `secret-${key}` })),
      models: ["m"],
      pricing: { m: PRICES[at] },
      network: { max_retries: 0 },
    },
  ];
  const names = Object.keys(PAIRS);
  gateway = await startGateway({
    config: {
      providers: Object.fromEntries(names.flatMap((name) => [provider(`${name}-1`, 0), provider(`${name}-2`, 1)])),
      aliases: Object.fromEntries(
        names.map((name) => [
          name,
          { ...PAIRS[name], targets: [1, 2].map((at) => ({ provider: `${name}-${at}`, model: "m" })) },
        ]),
      ),
      governance: {
        virtual_keys: Object.entries(KEYS).map(([name, value]) => ({
          name,
          value,
          provider_configs: names.flatMap((pair) =>
            [1, 2].map((at) => ({ provider: `${pair}-${at}`, allowed_models: ["*"] })),
          ),
        })),
      },
    },
  });
});

afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});

interface Turn {
  by: string;
  key: string;
  route: string;
}

async function turn(
  model: string,
  body: Record<string, unknown> = {},
  headers: Record<string, string> = {},
  caller: string = KEYS.one,
): Promise<Turn> {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    // A connection of its own: either thread may get it.
    headers: { "content-type": "application/json", authorization: `Bearer ${caller}`, connection: "close", ...headers },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "Hi" }], ...body }),
  });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return {
    by: response.headers.get("x-trunkline-provider") ?? "",
    key: response.headers.get("x-trunkline-key") ?? "",
    route: response.headers.get("x-trunkline-route") ?? "",
  };
}

async function turns(count: number, ask: (at: number) => Promise<Turn>): Promise<Turn[]> {
  const all: Turn[] = [];
  for (let at = 0; at < count; at += 1) all.push(await ask(at));
  return all;
}

const places = (all: readonly Turn[]): number => new Set(all.map(({ by, key }) => `${by}/${key}`)).size;

test.each([
  ["x-session-id", { "x-session-id": "s-1" }, {}],
  ["x-claude-code-session-id", { "x-claude-code-session-id": "s-2" }, {}],
  ["session_id", { session_id: "s-3" }, {}],
  ["session_id", {}, { session_id: "s-6" }],
  ["litellm_session_id", {}, { litellm_session_id: "s-7" }],
  ["prompt_cache_key", {}, { prompt_cache_key: "s-4" }],
  ["metadata.user_id", {}, { metadata: { user_id: JSON.stringify({ device_id: "d", session_id: "s-5" }) } }],
])("turns of a session named by %s stay at one target and key, over all threads", async (source, headers, body) => {
  const all = await turns(12, () => turn("named", body, headers));
  expect(places(all)).toBe(1);
  expect(all[0]?.route).toContain(`sticky=${source}: begins`);
  expect(all[5]?.route).toContain(`sticky=${source}: kept ${all[0]?.by}/m`);
  expect(all.map(({ route }) => route).join()).not.toContain("s-");
  expect(mock.requests.at(-1)?.json["litellm_session_id"]).toBeUndefined();
});

test("another tenant with the same session id is another session", async () => {
  const session = { "x-session-id": "shared" };
  const places = await turns(14, async (at) => {
    const headers = { "x-session-id": `shared-${at}` };
    const mine = await turn("tenants", {}, headers);
    const theirs = await turn("tenants", {}, headers, KEYS.two);
    expect(theirs.route).toContain("x-session-id: begins");
    return { ...mine, key: theirs.by };
  });
  // Drawn anew: of fourteen both of them go the same way once in 16,384 times.
  expect(places.some(({ by, key }) => by !== key)).toBe(true);
  const again = await turn("tenants", {}, session);
  expect(again.route).toContain("x-session-id: begins");
});

test("after a failure the session is at the target that served, and stays there", async () => {
  const session = { "x-session-id": "f" };
  const { by } = await turn("failover", {}, session);
  failing.add(by);
  const moved = await turn("failover", {}, session);
  expect(moved.by).not.toBe(by);
  expect(moved.route).toContain(`sticky=x-session-id: moved to ${moved.by}/m`);
  failing.delete(by);
  const after = await turns(8, () => turn("failover", {}, session));
  expect(new Set(after.map((each) => each.by))).toEqual(new Set([moved.by]));
});

test("a conversation that nobody names stays from the first answer on that shows cached tokens", async () => {
  const opening = (at: number): object => ({
    messages: [
      { role: "system", content: LONG },
      { role: "user", content: "Hello" },
      ...Array.from({ length: at }, (_, each) => ({
        role: each % 2 === 0 ? "assistant" : "user",
        content: `turn ${each}`,
      })),
    ],
  });
  // Drawn anew each time: twenty go the same way once in half a million runs.
  const before = await turns(20, (at) => turn("learned", opening(at) as Record<string, unknown>));
  expect(new Set(before.map(({ by }) => by)).size).toBe(2);
  expect(before.map(({ route }) => route).join()).not.toContain("sticky");
  for (const name of ["learned-1", "learned-2"]) cached.set(name, 1800);
  const first = await turn("learned", opening(21) as Record<string, unknown>);
  const after = await turns(12, (at) => turn("learned", opening(at) as Record<string, unknown>));
  expect(new Set(after.map(({ by }) => by))).toEqual(new Set([first.by]));
  expect(after[0]?.route).toContain(`sticky=opening messages: kept ${first.by}/m`);
});

test("off is off, and on needs neither name nor cache", async () => {
  const session = { "x-session-id": "o" };
  const off = await turns(20, () => turn("never", {}, session));
  expect(places(off)).toBeGreaterThan(1);
  expect(off.map(({ route }) => route).join()).not.toContain("sticky");
  expect(places(await turns(12, () => turn("always")))).toBe(1);
});

test("the order of the policy priority is kept unless sticky is on", async () => {
  const session = { "x-session-id": "p" };
  failing.add("first-1");
  expect((await turn("first", {}, session)).by).toBe("first-2");
  failing.delete("first-1");
  expect((await turn("first", {}, session)).by).toBe("first-1");
});

test("under cheapest a session leaves a warm cache only when the turn is cheaper elsewhere", async () => {
  const session = { "x-session-id": "c" };
  const long = { messages: [{ role: "user", content: LONG }], max_tokens: 5 };
  failing.add("cost-2");
  cached.set("cost-1", 2000);
  expect((await turn("cost", long, session)).by).toBe("cost-1");
  failing.delete("cost-2");
  // About 2,200 tokens: 2,000 of them at 1 and the rest at 10 are cheaper than all of them at 4.
  const kept = await turn("cost", long, session);
  expect(kept).toMatchObject({ by: "cost-1" });
  expect(kept.route).toContain("x-session-id: kept cost-1/m");
  cached.set("cost-1", 500);
  expect((await turn("cost", long, session)).by).toBe("cost-1");
  // 500 at 1 and 1,700 at 10 are not.
  const left = await turn("cost", long, session);
  expect(left.by).toBe("cost-2");
  expect(left.route).toContain("x-session-id: leaves cost-1/m: dearer than cost-2/m even with 500 cached tokens");
  expect((await turn("cost", long, session)).by).toBe("cost-2");
});

test("first turns of sessions are spread by weight", async () => {
  const all = await turns(60, (at) => turn("spread", {}, { "x-session-id": `w-${at}` }));
  const ones = all.filter(({ by }) => by === "spread-1").length;
  // Sixty draws of one half: beyond this once in some 500,000 times.
  expect(ones).toBeGreaterThan(10);
  expect(ones).toBeLessThan(50);
});

test("OpenAI's SDK stays with its prompt_cache_key", async () => {
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: KEYS.one, maxRetries: 0 });
  const answers = new Set<string | null | undefined>();
  for (let at = 0; at < 12; at += 1) {
    const completion = await client.chat.completions.create({
      model: "sdk",
      messages: [{ role: "user", content: `Turn ${at}` }],
      prompt_cache_key: "tenant-7",
    });
    answers.add(completion.choices[0]?.message.content);
  }
  expect(answers.size).toBe(1);
  const sent = mock.requests.filter(({ path }) => path.startsWith("/sdk-"));
  expect(new Set(sent.map(({ headers }) => headers["authorization"])).size).toBe(1);
  expect(sent[0]?.json["prompt_cache_key"]).toBe("tenant-7");
});

test("a model with one target and several keys stays at its key", async () => {
  const all = await turns(12, () => turn("keys-1/m", {}, { "x-session-id": "k" }));
  expect(places(all)).toBe(1);
  expect(places(await turns(20, () => turn("keys-1/m")))).toBeGreaterThan(1);
});

test("counting tokens warms no cache, and a stream's head says where its session is", async () => {
  const session = { "x-session-id": "counts" };
  const first = await turn("counted", {}, session);
  const response = await fetch(`${gateway.url}/v1/messages/count_tokens`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": KEYS.one, ...session },
    body: JSON.stringify({ model: "counted", messages: [{ role: "user", content: "Hi" }] }),
  });
  expect(response.status).toBe(200);
  const streamed = await turn("counted", { stream: true }, session);
  expect(streamed.by).toBe(first.by);
  expect(streamed.route).toContain(`sticky=x-session-id: kept ${first.by}/m`);
});
