import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { RouteExplanation } from "../../src/canonical/trace.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { ask, DIALECT_NAMES, goodAnswer, recordOf, startBench, TEXT, type Bench } from "../faults/bench.ts";
import { WIRES } from "../faults/wire.ts";

const EXPLAIN = { "x-trunkline-explain": "true" };
const COMMENT = /^: trunkline-route (.*)$/m;
/** Dialects whose streams are server-sent events with room for comments. */
const SSE: readonly string[] = DIALECT_NAMES.filter((name) => !["bedrock-converse", "gemini", "ollama"].includes(name));

interface Told {
  request_id: string;
  route: RouteExplanation | null;
}

let bench: Bench;
beforeAll(async () => {
  const rules = [
    { name: "never", when: "false", targets: [{ model: "x" }] },
    { name: "of another team", scope: "team:others", when: "true", targets: [{ model: "x" }] },
  ];
  bench = await startBench({
    config: {
      routing: { rules, fallbacks: ["p-gemini/declared"] },
      aliases: ALIASES,
      governance: { teams: [{ name: "others" }] },
    },
  });
  expect(bench.model("openai-chat", jsonAnswer({ error: { message: "broken" } }, 500))).toBe("p-openai-chat/m0");
});
afterAll(() => bench.stop());

const ALIASES = {
  pair: {
    policy: "cheapest",
    targets: [
      { provider: "p-openai-chat", model: "m0", weight: 2 },
      { provider: "groq", model: "m", weight: 1 },
    ],
  },
};

function toldIn(body: string): Told {
  return (JSON.parse(body) as { trunkline: Told }).trunkline;
}

describe("whole answers", () => {
  for (const client of DIALECT_NAMES) {
    for (const provider of [client, client === "openai-chat" ? "anthropic-messages" : "openai-chat"] as const) {
      test(`${client} on ${provider}`, async () => {
        const model = bench.model(provider, goodAnswer(provider, false));
        const plain = await ask(bench, client, model, { stream: false });
        const seen = await ask(bench, client, model, { stream: false, headers: EXPLAIN });
        expect(seen.status).toBe(200);
        expect(seen.reading.text).toBe(TEXT);
        expect(plain.body).not.toContain('"trunkline":');
        const { request_id: id, route } = toldIn(seen.body);
        expect(id).toBe(seen.id);
        const [own, fallback] = route?.candidates ?? [];
        expect(own).toMatchObject({ provider: `p-${provider}`, from: "model", left_out: null });
        expect(fallback).toMatchObject({ provider: "p-gemini", model: "declared", from: "fallback" });
        expect(route?.attempts).toMatchObject([
          { provider: `p-${provider}`, key: "main", status: 200, error_code: null },
        ]);
        expect(route?.rules).toEqual([{ name: "never", scope: "global", result: "no_match", text: null }]);
        if (client === provider) {
          // A relayed body stays byte for byte, up to its last brace.
          expect(seen.body.startsWith(plain.body.trimEnd().slice(0, -1))).toBe(true);
        }
      });
    }
  }
});

describe("streamed answers", () => {
  for (const client of DIALECT_NAMES) {
    for (const provider of [client, client === "openai-chat" ? "anthropic-messages" : "openai-chat"] as const) {
      test(`${client} on ${provider}`, async () => {
        const model = bench.model(provider, goodAnswer(provider, true));
        const plain = await ask(bench, client, model, { stream: true });
        const seen = await ask(bench, client, model, { stream: true, headers: EXPLAIN });
        expect(seen.reading).toEqual({ ...plain.reading, text: TEXT });
        expect(plain.body).not.toContain('"trunkline":');
        if (!SSE.includes(client)) {
          expect(seen.body).not.toContain('"trunkline":');
          expect(seen.headers.get("x-trunkline-warnings")).toContain("x-trunkline-explain");
          return;
        }
        expect(seen.headers.get("x-trunkline-warnings") ?? "").not.toContain("x-trunkline-explain");
        const told = JSON.parse(COMMENT.exec(seen.body)?.[1] ?? "null") as Told;
        expect(told.request_id).toBe(seen.id);
        expect(told.route?.attempts).toMatchObject([{ provider: `p-${provider}`, status: 200 }]);
        expect(seen.body.replace(/^: trunkline-route .*\n\n/m, "").length).toBeGreaterThan(0);
      });
    }
  }

  test("Gemini's array has no room for it", async () => {
    const model = bench.model("gemini", goodAnswer("gemini", true));
    const seen = await ask(bench, "gemini", model, { stream: true, array: true, headers: EXPLAIN });
    expect(seen.body).not.toContain('"trunkline":');
    expect(seen.headers.get("x-trunkline-warnings")).toContain("x-trunkline-explain");
  });
});

describe("errors", () => {
  test.each(DIALECT_NAMES)("%s: when all attempts failed", async (client) => {
    const body = WIRES[client].errorBody(500, "broken");
    const model = bench.model(client, jsonAnswer(body, 500));
    const seen = await ask(bench, client, model, { stream: false, headers: EXPLAIN });
    expect(seen.status).toBeGreaterThanOrEqual(500);
    expect(seen.error.message).not.toBe("");
    const { route } = toldIn(seen.body);
    expect(route?.attempts[0]).toMatchObject({ provider: `p-${client}`, status: 500, error_code: "upstream_error" });
    expect((await ask(bench, client, model, { stream: true })).body).not.toContain('"trunkline":');
  });

  test("a stream that breaks off tells before the error", async () => {
    const begun = goodAnswer("openai-chat", true).slice(0, 3);
    const model = bench.model("openai-chat", [...begun, { cut: "rst" }]);
    const seen = await ask(bench, "openai-chat", model, { stream: true, headers: EXPLAIN });
    expect(seen.reading).toMatchObject({ text: "Hel", error: { code: "upstream_truncated" } });
    const told = COMMENT.exec(seen.body);
    expect((JSON.parse(told?.[1] ?? "null") as Told).request_id).toBe(seen.id);
    expect(told?.index).toBeLessThan(seen.body.indexOf('{"error"'));
  });

  test("an unknown model", async () => {
    const seen = await ask(bench, "openai-chat", "nobody-has-this", { stream: false, headers: EXPLAIN });
    expect(seen.status).toBe(404);
    expect(toldIn(seen.body).route?.rules.length).toBe(1);
  });

  test("a value that is none is refused", async () => {
    const seen = await ask(bench, "openai-chat", "p-openai-chat/m", {
      stream: false,
      headers: { "x-trunkline-explain": "perhaps" },
    });
    expect(seen.status).toBe(400);
    expect(seen.error.message).toContain("x-trunkline-explain");
  });

  test("who is not let in is told nothing", async () => {
    const seen = await ask(bench, "openai-chat", "p-openai-chat/m", {
      stream: false,
      key: "sk-tl-nobody-knows-this-key",
      headers: EXPLAIN,
    });
    expect(seen.status).toBe(401);
    expect(seen.body).not.toContain('"trunkline":');
  });
});

test("the record keeps why, and the API says it in full", async () => {
  const named = bench.model("openai-chat", goodAnswer("openai-chat", false));
  const seen = await ask(bench, "openai-chat", "pair", {
    stream: false,
    more: { fallbacks: [named] },
    headers: EXPLAIN,
  });
  expect(seen.status).toBe(200);
  const record = await recordOf(bench.gateway, seen.id);
  expect(record.route).toMatchObject({ from: "alias", name: "pair", policy: "cheapest", missed: 1 });
  const told = toldIn(seen.body).route;
  const response = await fetch(`${bench.gateway.url}/api/logs/${seen.id}`, {
    headers: { authorization: `Bearer ${bench.gateway.adminToken}` },
  });
  const { route } = (await response.json()) as { route: RouteExplanation };
  expect(route).toEqual({ ...(told as RouteExplanation), rules: [] });
  expect(route.candidates).toEqual([
    expect.objectContaining({ provider: "p-openai-chat", from: "alias", name: "pair", weight: 2, score: 4 }),
    expect.objectContaining({ from: "fallback", name: named, left_out: null }),
    expect.objectContaining({
      provider: "groq",
      left_out: { code: "not_configured", text: "provider not configured" },
    }),
  ]);
  expect(seen.headers.get("x-trunkline-route")).toContain("left_out=groq/m: provider not configured");
});
