import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ask, recordOf, startBench, TEXT, until, type Bench } from "../faults/bench.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { WIRES } from "../faults/wire.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({ keys: 2, config: { logs: { stdout: true } } });
});
afterAll(() => bench.stop());

const NASTY = [
  "x\r\nx-evil: 1",
  "x\ny",
  "\u001b[31mred\u001b[0m",
  "\u001b]0;title\u0007",
  'quote"back\\slash',
  "\u0000nul",
  "\u2028\u2029",
  "\u202eright-to-left",
  "<script>alert(1)</script>",
  "${jndi:ldap://evil}",
  "{{7*7}}",
  '"} 1\ntrunkline_evil_total 1',
  "💥\ud800",
  "a,b;c=d",
];

async function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${bench.gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/; // oxlint-disable-line no-control-regex -- finding them is the point

describe.each(NASTY)("%j", (text) => {
  test.each([
    ["the model", (value: string) => ({ model: value, messages: [] })],
    ["the provider", (value: string) => ({ model: `${value}/m`, messages: [] })],
    [
      "a model of a provider",
      (value: string) => ({ model: `p-openai-chat/${value}`, messages: [{ role: "user", content: "hi" }] }),
    ],
    [
      "a fallback",
      (value: string) => ({ model: "nobody/x", messages: [{ role: "user", content: "hi" }], fallbacks: [value] }),
    ],
    ["a user", (value: string) => ({ model: "nobody/x", messages: [{ role: "user", content: "hi" }], user: value })],
    ["a role", (value: string) => ({ model: "p-anthropic-messages/m", messages: [{ role: value, content: "hi" }] })],
    [
      "a field's name",
      (value: string) => ({ model: "p-gemini/m", messages: [{ role: "user", content: "hi" }], [value]: value }),
    ],
  ])("as %s splits no header, line or record", async (_, body) => {
    const response = await post(body(text));
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect([...response.headers.keys()].filter((name) => name.includes("evil"))).toEqual([]);
    for (const [, value] of response.headers) expect(value).toMatch(/^[\x20-\x7e]*$/);
    JSON.parse(await response.text());
    bench.ids.push(response.headers.get("x-trunkline-request-id") ?? "");
  });

  test("from a provider, as model, id, error or finish reason, too", async () => {
    for (const dialect of ["openai-chat", "anthropic-messages", "gemini", "openai-responses"] as const) {
      const wire = WIRES[dialect];
      const whole = JSON.parse(
        JSON.stringify(wire.whole(TEXT, wire.usage))
          .replaceAll('"m-real"', JSON.stringify(text))
          .replaceAll('"stop"', JSON.stringify(text)),
      ) as unknown;
      for (const answer of [
        jsonAnswer(whole),
        jsonAnswer(wire.errorBody(400, text), 400),
        jsonAnswer(wire.errorBody(500, text), 500),
      ]) {
        for (const client of ["openai-chat", dialect] as const) {
          const seen = await ask(bench, client, bench.model(dialect, answer), { stream: false });
          expect([...seen.headers.keys()].filter((name) => name.includes("evil"))).toEqual([]);
        }
      }
    }
  });
});

describe("afterwards", () => {
  test("every request has its record", async () => {
    const ids = (await bench.gateway.records(bench.ids.length)).map(({ id }) => id);
    expect(ids.toSorted()).toEqual(bench.ids.toSorted());
  });

  test("every line on standard output is one record or one message, without control characters", async () => {
    await Bun.sleep(200);
    const lines = bench.gateway.log().split("\n");
    expect(lines.filter((line) => CONTROL.test(line))).toEqual([]);
    const records = lines.filter((line) => line.startsWith("{"));
    expect(records.length).toBeGreaterThan(100);
    for (const line of records) expect(JSON.parse(line)).toHaveProperty("outcome");
    expect(lines.filter((line) => line.startsWith("x-evil") || line.startsWith("y"))).toEqual([]);
  });

  test("the metrics are well formed, and none is invented", async () => {
    const text = await (await fetch(`${bench.gateway.url}/metrics`)).text();
    expect(text).not.toMatch(/^trunkline_evil/m);
    for (const line of text.split("\n")) {
      expect(line).toMatch(/^(?:#.*|trunkline_[a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\})? [-+\d.eInf]+|)$/);
    }
  });

  test("the management API shows them as JSON", async () => {
    const response = await fetch(`${bench.gateway.url}/api/logs?limit=500`, {
      headers: { authorization: `Bearer ${bench.gateway.adminToken}` },
    });
    expect(((await response.json()) as { data: unknown[] }).data.length).toBeGreaterThan(100);
  });
});

describe("what a request writes on its record is bounded", () => {
  const MIB = 1024 * 1024;
  test.each([
    ["a model of 5 MB", () => ({ model: "m".repeat(5 * MIB), messages: [] })],
    ["a provider of 5 MB", () => ({ model: `${"p".repeat(5 * MIB)}/m`, messages: [] })],
    [
      "a model of a provider of 5 MB",
      () => ({ model: `p-openai-chat/${"m".repeat(5 * MIB)}`, messages: [{ role: "user", content: "hi" }] }),
    ],
    [
      "sixteen fallbacks of 1 MB",
      () => ({
        model: "nobody/x",
        messages: [{ role: "user", content: "hi" }],
        fallbacks: Array.from({ length: 16 }, (_, at) => `${"f".repeat(MIB)}/${at}`),
      }),
    ],
    [
      "a role of 5 MB",
      () => ({ model: "p-anthropic-messages/m", messages: [{ role: "r".repeat(5 * MIB), content: "hi" }] }),
    ],
    [
      "20,000 unknown fields",
      () => ({
        model: "p-anthropic-messages/m",
        messages: [{ role: "user", content: "hi" }],
        ...Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`field_${at}`, 1])),
      }),
    ],
    [
      "20,000 messages that cannot be carried over",
      () => ({
        model: "p-gemini/m",
        messages: Array.from({ length: 20_000 }, () => ({
          role: "user",
          name: "x",
          content: [
            { type: "mystery", mystery: 1 },
            { type: "text", text: "hi" },
          ],
        })),
      }),
    ],
    [
      "a field whose name has 1 MB",
      () => ({ model: "p-gemini/m", messages: [{ role: "user", content: "hi" }], ["f".repeat(MIB)]: 1 }),
    ],
  ])("%s", async (_, body) => {
    const response = await post(body());
    const text = await response.text();
    expect(text.length).toBeLessThan(200_000);
    const id = response.headers.get("x-trunkline-request-id") ?? "";
    const record = await recordOf(bench.gateway, id);
    expect(JSON.stringify(record).length).toBeLessThan(64 * 1024);
  });

  test("and the files stay small", async () => {
    await until(() => size(join(bench.gateway.dir, "data")) < 40 * MIB, "the data folder is small");
  });

  test("an error of a provider is cut on the record too", async () => {
    const model = bench.model("openai-chat", jsonAnswer(WIRES["openai-chat"].errorBody(500, "e".repeat(5 * MIB)), 500));
    const seen = await ask(bench, "openai-chat", model, { stream: false });
    expect(JSON.stringify(await recordOf(bench.gateway, seen.id)).length).toBeLessThan(64 * 1024);
  });
});

function size(dir: string): number {
  return readdirSync(dir).reduce((sum, name) => {
    const info = statSync(join(dir, name));
    return sum + (info.isDirectory() ? size(join(dir, name)) : info.size);
  }, 0);
}
