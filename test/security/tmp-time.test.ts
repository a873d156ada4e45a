import { afterAll, beforeAll, test } from "bun:test";
import { goodAnswer, startBench, type Bench, DIALECT_NAMES } from "../faults/bench.ts";
let bench: Bench;
beforeAll(async () => {
  bench = await startBench({
    network: { first_byte_timeout_ms: 20000, idle_timeout_ms: 20000 },
    gateway: { args: ["--threads", "1"] },
  });
});
afterAll(() => bench.stop());
const A = <T>(n: number, f: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => f(i));
const fn = (name: string, parameters: unknown = { type: "object" }) => ({
  type: "function",
  function: { name, parameters },
});
const call = (id: string, name = "f", args = "{}") => ({ id, type: "function", function: { name, arguments: args } });
const u = (content: unknown) => ({ role: "user", content });
type Shape = (n: number) => Record<string, unknown>;
const schemaTool = (p: unknown) => ({ messages: [u("x")], tools: [fn("f", p)] });
const chat: Record<string, Shape> = {
  users: (n) => ({ messages: A(n, () => u("x")) }),
  turns: (n) => ({ messages: A(n, (i) => ({ role: i % 2 ? "assistant" : "user", content: "x" })) }),
  assistants: (n) => ({ messages: [u("x"), ...A(n, () => ({ role: "assistant", content: "y" })), u("z")] }),
  calls: (n) => ({
    messages: [
      u("x"),
      { role: "assistant", tool_calls: A((n / 6) | 0, (i) => call("c" + i)) },
      ...A((n / 6) | 0, (i) => ({ role: "tool", tool_call_id: "c" + i, content: "r" })),
    ],
    tools: [fn("f")],
  }),
  callsReversed: (n) => ({
    messages: [
      u("x"),
      { role: "assistant", tool_calls: A((n / 6) | 0, (i) => call("c" + i)) },
      ...A((n / 6) | 0, (i) => ({ role: "tool", tool_call_id: "c" + i, content: "r" })).reverse(),
    ],
    tools: [fn("f")],
  }),
  callsSameId: (n) => ({
    messages: [
      u("x"),
      { role: "assistant", tool_calls: A((n / 6) | 0, () => call("c")) },
      ...A((n / 6) | 0, () => ({ role: "tool", tool_call_id: "c", content: "r" })),
    ],
    tools: [fn("f")],
  }),
  callTurns: (n) => ({
    messages: [
      u("x"),
      ...A((n / 6) | 0, (i) => ({ role: "assistant", tool_calls: [call("c" + i)] })),
      ...A((n / 6) | 0, (i) => ({ role: "tool", tool_call_id: "c" + i, content: "r" })),
    ],
    tools: [fn("f")],
  }),
  callPairs: (n) => ({
    messages: [
      u("x"),
      ...A((n / 6) | 0, (i) => [
        { role: "assistant", tool_calls: [call("c" + i)] },
        { role: "tool", tool_call_id: "c" + i, content: "r" },
      ]).flat(),
    ],
    tools: [fn("f")],
  }),
  callPairsSame: (n) => ({
    messages: [
      u("x"),
      ...A((n / 6) | 0, () => [
        { role: "assistant", tool_calls: [call("c")] },
        { role: "tool", tool_call_id: "c", content: "r" },
      ]).flat(),
    ],
    tools: [fn("f")],
  }),
  orphanResults: (n) => ({
    messages: [u("x"), ...A(n, (i) => ({ role: "tool", tool_call_id: "c" + i, content: "r" }))],
  }),
  interrupted: (n) => ({
    messages: [
      u("x"),
      { role: "assistant", tool_calls: A((n / 8) | 0, (i) => call("c" + i)) },
      ...A((n / 8) | 0, (i) => [u("w"), { role: "tool", tool_call_id: "c" + i, content: "r" }]).flat(),
    ],
    tools: [fn("f")],
  }),
  tools: (n) => ({ messages: [u("x")], tools: A((n / 5) | 0, (i) => fn("f" + i)) }),
  toolsBadNames: (n) => ({ messages: [u("x")], tools: A((n / 5) | 0, (i) => fn("f." + i)) }),
  toolsSame: (n) => ({ messages: [u("x")], tools: A((n / 5) | 0, () => fn("f")) }),
  toolsLongNames: (n) => ({ messages: [u("x")], tools: A((n / 50) | 0, (i) => fn("f".repeat(200) + i)) }),
  badNameCalls: (n) => ({
    messages: [
      u("x"),
      ...A((n / 8) | 0, (i) => [
        { role: "assistant", tool_calls: [call("c" + i, "f." + i)] },
        { role: "tool", tool_call_id: "c" + i, content: "r" },
      ]).flat(),
    ],
    tools: A((n / 8) | 0, (i) => fn("f." + i)),
  }),
  stops: (n) => ({ messages: [u("x")], stop: A(n, (i) => "s" + i) }),
  parts: (n) => ({ messages: [u(A(n, () => ({ type: "text", text: "x" })))] }),
  partsCache: (n) => ({
    messages: [u(A(n, () => ({ type: "text", text: "x", cache_control: { type: "ephemeral" } })))],
  }),
  images: (n) => ({
    messages: [u(A((n / 3) | 0, () => ({ type: "image_url", image_url: { url: "https://e.example/x.png" } })))],
  }),
  dataImages: (n) => ({
    messages: [u(A((n / 3) | 0, () => ({ type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } })))],
  }),
  systems: (n) => ({ messages: [...A(n, () => ({ role: "system", content: "s" })), u("x")] }),
  systemsBetween: (n) => ({ messages: A(n, (i) => (i % 2 ? { role: "system", content: "s" } : u("x"))) }),
  details: (n) => ({
    messages: [
      u("x"),
      {
        role: "assistant",
        content: "y",
        reasoning_details: A((n / 3) | 0, (i) => ({ type: "reasoning.text", text: "t", signature: "s" + i, index: i })),
      },
      u("z"),
    ],
  }),
  bias: (n) => ({ messages: [u("x")], logit_bias: Object.fromEntries(A(n, (i) => [i, 1])) }),
  unknown: (n) => ({ messages: [u("x")], ...Object.fromEntries(A(Math.min(n, 20000), (i) => ["x" + i, 1])) }),
  unknownInMessages: (n) => ({ messages: A((n / 3) | 0, (i) => ({ role: "user", content: "x", ["y" + i]: 1 })) }),
  schemaWide: (n) =>
    schemaTool({
      type: "object",
      properties: Object.fromEntries(A((n / 2) | 0, (i) => ["p" + i, { type: "string" }])),
      required: A((n / 4) | 0, (i) => "p" + i),
    }),
  schemaAnyOf: (n) =>
    schemaTool({
      type: "object",
      anyOf: A((n / 4) | 0, (i) => ({ properties: { ["p" + i]: {} }, required: ["p" + i] })),
    }),
  schemaAllOf: (n) =>
    schemaTool({
      type: "object",
      allOf: A((n / 4) | 0, (i) => ({ properties: { ["p" + i]: {} }, required: ["p" + i] })),
    }),
  schemaAllOfNested: (n) =>
    schemaTool({
      type: "object",
      properties: {
        a: { allOf: A((n / 8) | 0, (i) => ({ allOf: [{ properties: { ["p" + i]: {} } }], title: "t" + i })) },
      },
    }),
  schemaEnum: (n) => schemaTool({ type: "object", properties: { a: { enum: A(n, (i) => "e" + i) } } }),
  schemaRefs: (n) =>
    schemaTool({
      type: "object",
      $defs: { a: { type: "string" } },
      properties: Object.fromEntries(A((n / 4) | 0, (i) => ["p" + i, { $ref: "#/$defs/a", description: "d" }])),
    }),
  schemaDangling: (n) =>
    schemaTool({
      type: "object",
      properties: Object.fromEntries(A((n / 4) | 0, (i) => ["p" + i, { $ref: "#/$defs/a" + i, description: "d" }])),
    }),
  formatWide: (n) => ({
    messages: [u("x")],
    response_format: {
      type: "json_schema",
      json_schema: {
        name: "s",
        strict: true,
        schema: {
          type: "object",
          properties: Object.fromEntries(A((n / 2) | 0, (i) => ["p" + i, { type: "string", minLength: 1 }])),
        },
      },
    },
  }),
  allowed: (n) => ({
    messages: [u("x")],
    tools: A((n / 8) | 0, (i) => fn("f" + i)),
    tool_choice: {
      type: "allowed_tools",
      allowed_tools: {
        mode: "auto",
        tools: A((n / 8) | 0, (i) => ({ type: "function", function: { name: "f" + i } })),
      },
    },
  }),
};
const S = 3_000_000;
const texts: Record<string, string> = {
  spaces: "x" + " ".repeat(S) + "x",
  lines: "\n".repeat(S) + "x",
  lt: "<".repeat(S),
  think: "<think>".repeat(S / 7),
  ticks: "`".repeat(S),
  data: "data:".repeat(S / 5),
  semis: "data:image/png" + ";a=b".repeat(S / 4),
  slashes: "/".repeat(S),
  quotes: '"'.repeat(S),
  back: "\\".repeat(S),
  at: "@".repeat(S),
  dots: ".".repeat(S),
  dash: "a-".repeat(S / 2),
  surrogate: "\ud83d".repeat(S / 2),
  urls: "https://".repeat(S / 8),
  braces: "{".repeat(S),
  equals: "=".repeat(S),
  b64: "A".repeat(S),
  und: "_".repeat(S),
  comma: ",".repeat(S),
  nul: "\u0000".repeat(S),
  session: "_session_".repeat(S / 9),
};
const places: Record<string, (t: string) => Record<string, unknown>> = {
  user: (t) => ({ messages: [u(t)] }),
  assistant: (t) => ({ messages: [u("x"), { role: "assistant", content: t }, u("y")] }),
  lastAssistant: (t) => ({ messages: [u("x"), { role: "assistant", content: t }] }),
  system: (t) => ({ messages: [{ role: "system", content: t }, u("x")] }),
  result: (t) => ({
    messages: [u("x"), { role: "assistant", tool_calls: [call("c")] }, { role: "tool", tool_call_id: "c", content: t }],
    tools: [fn("f")],
  }),
  args: (t) => ({
    messages: [
      u("x"),
      { role: "assistant", tool_calls: [call("c", "f", t)] },
      { role: "tool", tool_call_id: "c", content: "r" },
    ],
    tools: [fn("f")],
  }),
  callId: (t) => ({
    messages: [u("x"), { role: "assistant", tool_calls: [call(t)] }, { role: "tool", tool_call_id: t, content: "r" }],
    tools: [fn("f")],
  }),
  toolName: (t) => ({ messages: [u("x")], tools: [fn(t)] }),
  name: (t) => ({ messages: [{ role: "user", name: t, content: "x" }] }),
  image: (t) => ({ messages: [u([{ type: "image_url", image_url: { url: t } }])] }),
  dataImage: (t) => ({ messages: [u([{ type: "image_url", image_url: { url: "data:image/png;base64," + t } }])] }),
  file: (t) => ({
    messages: [u([{ type: "file", file: { filename: t, file_data: "data:application/pdf;base64," + t } }])],
  }),
  audio: (t) => ({ messages: [u([{ type: "input_audio", input_audio: { data: t, format: "wav" } }])] }),
  reasoning: (t) => ({ messages: [u("x"), { role: "assistant", content: "y", reasoning_content: t }, u("z")] }),
  user_field: (t) => ({ messages: [u("x")], user: t }),
  stop: (t) => ({ messages: [u("x")], stop: [t] }),
  ref: (t) => schemaTool({ type: "object", properties: { a: { $ref: "#/" + t, title: "x" } } }),
  pattern: (t) => schemaTool({ type: "object", properties: { a: { type: "string", pattern: t, description: t } } }),
  effort: (t) => ({ messages: [u("x")], reasoning_effort: t }),
  metadata: (t) => ({ messages: [u("x")], metadata: { user_id: t } }),
};
let hung = false;
async function time(model: string, fields: Record<string, unknown>): Promise<[number, number]> {
  const body = JSON.stringify({ model, ...fields });
  const t = performance.now();
  let r: Response;
  try {
    r = await fetch(bench.gateway.url + "/v1/chat/completions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      signal: AbortSignal.timeout(12000),
    });
  } catch {
    await bench.stop();
    bench = await startBench({
      network: { first_byte_timeout_ms: 20000, idle_timeout_ms: 20000 },
      gateway: { args: ["--threads", "1"] },
    });
    hung = true;
    return [99999, 999];
  }
  await r.text();
  return [performance.now() - t, r.status];
}
test("shapes", async () => {
  for (const d of (process.env["ONLY"]?.split(",") ?? DIALECT_NAMES) as typeof DIALECT_NAMES) {
    let model = bench.model(d, goodAnswer(d, false));
    const again = () => {
      if (hung) {
        model = bench.model(d, goodAnswer(d, false));
        hung = false;
      }
    };
    for (const [name, shape] of Object.entries(chat)) {
      again();
      const [a, s1] = await time(model, shape(10_000));
      again();
      const [b, s2] = await time(model, shape(40_000));
      if (s2 >= 500 || s1 >= 500 || b > 400 || (b > 100 && b / a > 8))
        console.log("SHAPE", d, name, a.toFixed(0), b.toFixed(0), s1, s2);
    }
    for (const [pn, place] of Object.entries(places))
      for (const [tn, text] of Object.entries(texts)) {
        again();
        const [a, s] = await time(model, place(text));
        if (s >= 500 || a > 900) console.log("TEXT", d, pn, tn, a.toFixed(0), s);
      }
    bench.mock.requests.length = 0;
  }
}, 3_000_000);
