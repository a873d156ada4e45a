import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ask, configOf, goodAnswer, startBench, TEXT, type Bench } from "../faults/bench.ts";
import { startGateway } from "../gateway/start.ts";
import { startProbe } from "./probe.ts";

/** Rules that an operator might write, and inputs of callers that make them expensive. */
const RULES = [
  'string(params.x_bomb).matches("(a+)+$")',
  'string(params.x_bomb).matches("(a|aa)+$")',
  'string(params.x_bomb).matches("^(([a-z])+.)+[A-Z]([a-z])+$")',
  'string(params.x_bomb).matches("(.*)(.*)(.*)(.*)(.*)[0-9]$")',
  'headers["x-bomb"].matches("(x+x+)+y")',
  "params.x_list.all(a, params.x_list.all(b, params.x_list.all(c, a + b + c >= 0)))",
  "params.x_list.map(a, params.x_list.map(b, params.x_list.map(c, [a, b, c]))).size() > 0",
  "params.x_list.exists(a, params.x_list.exists(b, params.x_list.exists(c, a * b * c == -1)))",
  "(string(params.x_bomb) + string(params.x_bomb) + string(params.x_bomb)).size() == 7",
  'headers.all(name, headers[name].contains("nowhere-to-be-found") || headers.exists(other, other == name + "x"))',
  "params == metadata",
  'string(params.x_bomb).split("a").map(part, part + string(params.x_bomb)).size() == 3',
  "params.x_deep.a.a.a.a.a.a == 1",
  "params.x_number + 9223372036854775807 > 0",
  "params.nothing.at.all == 1",
  "1 / int(params.x_zero) == 1",
];

let bench: Bench;
let model = "";
beforeAll(async () => {
  const rules = RULES.map((when, priority) => ({
    name: `rule ${priority}`,
    priority,
    when,
    targets: [{ provider: "p-gemini", model: "wrong" }],
  }));
  bench = await startBench({
    gateway: { args: ["--threads", "1"] },
    network: { first_byte_timeout_ms: 10_000 },
    config: { routing: { rules } },
  });
  model = bench.model("openai-chat", goodAnswer("openai-chat", false));
});
afterAll(() => bench.stop());

let deep: unknown = 1;
for (let level = 0; level < 150; level += 1) deep = { a: deep };

describe("no rule holds up others, whatever a caller sends", () => {
  test.each([
    ["a long run of one letter", { x_bomb: `${"a".repeat(100_000)}!` }, {}],
    ["words of a sentence", { x_bomb: "aB".repeat(50_000) }, {}],
    ["a long list", { x_list: Array.from({ length: 2000 }, (_, at) => at) }, {}],
    ["a very long list", { x_list: Array.from({ length: 100_000 }, (_, at) => at) }, {}],
    ["a long header", {}, { "x-bomb": "x".repeat(8000) }],
    ["many headers", {}, Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`x-h${at}`, "v".repeat(20)]))],
    ["deep nesting", { x_deep: deep, metadata: { a: deep } }, {}],
    ["numbers at the edge", { x_number: 9_223_372_036_854_775_807n.toString(), x_zero: 0 }, {}],
    ["wrong types", { x_bomb: null, x_list: "text", x_deep: [], x_number: {}, x_zero: "0" }, {}],
    [
      "everything at once",
      {
        x_bomb: `${"a".repeat(50_000)}!`,
        x_list: Array.from({ length: 2000 }, (_, at) => at),
        x_deep: deep,
        x_zero: 0,
      },
      { "x-bomb": "x".repeat(4000) },
    ],
  ])("%s", async (_, more, headers) => {
    const probe = await startProbe(`${bench.gateway.url}/healthz`);
    const started = performance.now();
    for (let round = 0; round < 3; round += 1) {
      const seen = await ask(bench, "openai-chat", model, {
        stream: false,
        more,
        headers,
      });
      expect({ status: seen.status, text: seen.reading.text, body: seen.status === 200 ? "" : seen.body }).toEqual({
        status: 200,
        text: TEXT,
        body: "",
      });
      expect(seen.headers.get("x-trunkline-provider")).toBe("p-openai-chat");
    }
    const each = (performance.now() - started) / 3;
    const { longest, failed } = await probe.stop();
    console.log(`  ${each.toFixed(0)} ms a request, longest probe ${longest.toFixed(0)} ms`);
    expect(failed).toBe(0);
    expect(longest).toBeLessThan(2000);
    expect(bench.gateway.log()).not.toContain("ERROR");
  });

  test("a rule that fails is skipped, and the trace says so", async () => {
    const seen = await ask(bench, "openai-chat", model, {
      stream: false,
      more: { x_list: Array.from({ length: 2000 }, (_, at) => at) },
    });
    expect(seen.headers.get("x-trunkline-route")).toContain("error, no match");
  });
});

describe("rules that are bombs themselves are refused at the start", () => {
  test.each([
    ["too long", "true ".padEnd(9000, "|| true ")],
    ["too deep", `${"(".repeat(2000)}true${")".repeat(2000)}`],
    ["a chain of negations", `${"!".repeat(5000)}true`],
    ["lists in lists", `${"[".repeat(2000)}1${"]".repeat(2000)} == []`],
    ["a regular expression that is none", 'model.matches("(")'],
    ["a regular expression with a reference back", 'model.matches("(a)\\\\1")'],
    ["a repetition beyond all measure", 'model.matches("a{1000000}")'],
    ["no condition", "1 + 1"],
    ["an unknown variable", "process.env.HOME == '/root'"],
    ["an unknown function", "eval('1') == 1"],
    ["a prototype", "params.constructor.constructor('return 1')() == 1"],
  ])("%s", async (_, when) => {
    const config = configOf("http://127.0.0.1:9", [], {
      config: { routing: { rules: [{ name: "bomb", when, targets: [{ provider: "p-gemini", model: "m" }] }] } },
    });
    const outcome = await startGateway({ config }).then(
      async (gateway) => {
        await gateway.stop();
        return "it started";
      },
      (error: unknown) => String(error),
    );
    expect(outcome).toContain("routing.rules[0].when");
  });
});
