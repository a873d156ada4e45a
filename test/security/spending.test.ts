import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { SpokenDialect as ChatDialect } from "../e2e/spoken.ts";
import { chunk, STREAM_HEAD } from "../mock-upstream/answers.ts";
import { goodAnswer, startBench, until, type Bench } from "../faults/bench.ts";
import { WIRES } from "../faults/wire.ts";

/** What a caller writes into a request must not lower what is reserved for it. */
let bench: Bench;
beforeAll(async () => {
  const dialects = Object.keys(WIRES);
  const key = (name: string, limits: object): object => ({
    name,
    value: `sk-tl-${name}-0123456789`,
    provider_configs: dialects.map((dialect) => ({ provider: `p-${dialect}` })),
    ...limits,
  });
  const tokens = Array.from({ length: 80 }, (_, at) =>
    key(`tokens-${at}`, { rate_limits: [{ metric: "tokens", limit: 10_000, window: "1Y" }] }),
  );
  const money = Array.from({ length: 80 }, (_, at) =>
    key(`money-${at}`, { budgets: [{ limit_usd: 0.01, period: "never" }] }),
  );
  bench = await startBench({
    network: { idle_timeout_ms: 20_000, first_byte_timeout_ms: 20_000 },
    config: { governance: { virtual_keys: [...tokens, ...money] } },
  });
});
afterAll(() => bench.stop());

/** With the tokens of its input this is all but a few of the limit. */
const NEARLY_ALL = "9965";

let used = 0;
const freshKey = (kind: "tokens" | "money"): string => `sk-tl-${kind}-${used++ % 80}-0123456789`;

interface Place {
  dialect: ChatDialect;
  field: string;
  path: string;
  body(model: string, value: string): string;
}

const user = '"messages":[{"role":"user","content":"hi"}]';
const contents = '"contents":[{"role":"user","parts":[{"text":"hi"}]}]';
const GEMINI = "/v1beta/models/MODEL:generateContent";
const PLACES: Place[] = [
  {
    dialect: "openai-chat",
    field: "max_tokens",
    path: "/v1/chat/completions",
    body: (model, value) => `{"model":"${model}",${user},"max_tokens":${value}}`,
  },
  {
    dialect: "openai-chat",
    field: "n",
    path: "/v1/chat/completions",
    body: (model, value) => `{"model":"${model}",${user},"max_tokens":100,"n":${value}}`,
  },
  {
    dialect: "openai-responses",
    field: "max_output_tokens",
    path: "/v1/responses",
    body: (model, value) => `{"model":"${model}","input":"hi","max_output_tokens":${value}}`,
  },
  {
    dialect: "anthropic-messages",
    field: "max_tokens",
    path: "/v1/messages",
    body: (model, value) => `{"model":"${model}",${user},"max_tokens":${value}}`,
  },
  {
    dialect: "gemini",
    field: "maxOutputTokens",
    path: GEMINI,
    body: (_, value) => `{${contents},"generationConfig":{"maxOutputTokens":${value}}}`,
  },
  {
    dialect: "gemini",
    field: "candidateCount",
    path: GEMINI,
    body: (_, value) => `{${contents},"generationConfig":{"maxOutputTokens":100,"candidateCount":${value}}}`,
  },
];

async function post(
  place: Place,
  model: string,
  value: string,
  key: string,
): Promise<{ status: number; code: string }> {
  const headers = { "content-type": "application/json", "x-trunkline-key": key };
  const response = await fetch(bench.gateway.url + place.path.replace("MODEL", model), {
    method: "POST",
    headers,
    body: place.body(model, value),
  });
  const body: unknown = await response.json();
  return { status: response.status, code: response.status === 200 ? "" : WIRES[place.dialect].readError(body).code };
}

describe.each(PLACES.map((place) => [`${place.dialect} ${place.field}`, place] as const))("%s", (_, it) => {
  const ODD = [
    "-1",
    "-1000000",
    "0",
    "-0",
    "0.5",
    "1.5",
    "1e308",
    "-1e308",
    "1e999",
    "-1e999",
    "9007199254740993",
    "null",
  ];

  test("nearly all of the limit fits by itself", async () => {
    const place = PLACES.find(({ dialect }) => dialect === it.dialect) ?? it;
    const model = bench.model(place.dialect, goodAnswer(place.dialect, false));
    expect((await post(place, model, NEARLY_ALL, freshKey("tokens"))).status).toBe(200);
  });

  test.each(ODD)("%s never fails inside the gateway, nor gives room to others", async (value) => {
    for (const kind of ["tokens", "money"] as const) {
      const key = freshKey(kind);
      let release = (): void => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const waiting = bench.model(it.dialect, async () => {
        await held;
        return goodAnswer(it.dialect, false);
      });
      const before = bench.mock.requests.length;
      const first = post(it, waiting, value, key);
      const early = await Promise.race([
        first,
        until(() => bench.mock.requests.length > before, "the upstream has it").then(() => null),
      ]);
      // While it is under way, the rest of the limit must not have grown: a request for all of it is one too many.
      const all = PLACES.find(({ dialect }) => dialect === it.dialect) ?? it;
      const other = bench.model(it.dialect, goodAnswer(it.dialect, false));
      if (early === null && kind === "tokens") expect((await post(all, other, NEARLY_ALL, key)).status).toBe(429);
      release();
      expect([200, 400, 402, 429]).toContain((await first).status);
    }
    expect(bench.gateway.log()).not.toContain("ERROR");
  });
});

test.each([
  ["maxOutputTokens", '"generationConfig":{"maxOutputTokens":"9000"}'],
  ["max_output_tokens", '"generation_config":{"max_output_tokens":9000}'],
  ["candidateCount", '"generationConfig":{"maxOutputTokens":1000,"candidateCount":"9"}'],
])("Gemini's other spellings count like the first: %s", async (_, config) => {
  const key = freshKey("tokens");
  const slow = bench.model("gemini", [
    { write: STREAM_HEAD },
    ...Array.from({ length: 100 }, () => [chunk(": wait\n\n"), { wait: 20 }]).flat(),
  ]);
  const control = new AbortController();
  const headers = { "content-type": "application/json", "x-trunkline-key": key };
  const before = bench.mock.requests.length;
  const first = fetch(`${bench.gateway.url}/v1beta/models/${slow}:streamGenerateContent?alt=sse`, {
    method: "POST",
    headers,
    body: `{${contents},${config}}`,
    signal: control.signal,
  });
  first.catch(() => {});
  await until(() => bench.mock.requests.length > before, "the upstream has it");
  const place = PLACES[4];
  if (place === undefined) throw new Error("no such place");
  expect(await post(place, bench.model("gemini", goodAnswer("gemini", false)), "2000", key)).toEqual({
    status: 429,
    code: "rate_limited",
  });
  control.abort();
});
