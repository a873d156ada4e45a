import { describe, expect, test } from "bun:test";
import { explainRoute } from "./explain-route.ts";
import { LEFT_OUT_REASONS } from "./names.ts";
import { stepText, type TraceStep } from "./trace.ts";

const ATTEMPT = { provider: "a", model: "m", key: "main", status: 200, code: null, ms: 12.5 };

describe("an explanation", () => {
  test("of a request that named its target has the one that it was sent to", () => {
    const route = explainRoute({ note: null, trace: [], attempts: [ATTEMPT] });
    expect(route.candidates).toEqual([
      {
        provider: "a",
        model: "m",
        key: null,
        from: "model",
        name: null,
        via: [],
        weight: null,
        score: null,
        left_out: null,
        put_last: null,
      },
    ]);
    expect(route.attempts).toEqual([
      { provider: "a", model: "m", key: "main", status: 200, error_code: null, duration_ms: 12.5 },
    ]);
  });

  test("fills in what records leave out", () => {
    const candidates = [
      { provider: "a", model: "m", weight: 2, score: 0.5 },
      { provider: "b", model: "n", from: "fallback" as const },
      { provider: "c", model: "o", left_out: "model_not_allowed" as const },
    ];
    const note = { from: "rule" as const, name: "r", policy: "adaptive" as const, draw: 0.25, missed: 3, candidates };
    const route = explainRoute({ note, trace: [], attempts: [] });
    expect(route).toMatchObject({ policy: "adaptive", draw: 0.25, rules_not_matched: 3 });
    expect(route.candidates).toMatchObject([
      { from: "rule", name: "r", weight: 2, score: 0.5 },
      { from: "fallback", name: "b/n", weight: null },
      { left_out: { code: "model_not_allowed", text: LEFT_OUT_REASONS.model_not_allowed } },
    ]);
  });

  test("takes from the trace what rules, aliases and later stages did, and keeps steps of other words", () => {
    const target = { provider: "a", model: "m" };
    const trace: TraceStep[] = [
      { step: "rule", result: "broken", scope: "global", outcome: "error", text: "no such key" },
      { step: "rule", result: "first", scope: "team:x" },
      { step: "rule", result: "second", scope: "global" },
      { step: "alias", result: "best" },
      { step: "target", result: "breaker_open", target },
      { step: "left_out", result: "no_key", target: { provider: "b", model: "n" } },
      { step: "left_out", result: "none: no provider has it" },
      { step: "sticky", result: "session s stays at a/m" },
    ];
    const route = explainRoute({ note: { candidates: [target] }, trace, attempts: [] });
    expect(route.rules).toEqual([
      { name: "broken", scope: "global", result: "error", text: "no such key" },
      { name: "first", scope: "team:x", result: "matched", text: null },
      { name: "second", scope: "global", result: "matched", text: null },
    ]);
    expect(route.chain).toEqual(["first", "second"]);
    expect(route.aliases).toEqual(["best"]);
    expect(route.candidates[0]?.put_last?.code).toBe("breaker_open");
    expect(route.candidates[1]).toMatchObject({ provider: "b", left_out: { code: "no_key" } });
    expect(route.steps).toEqual([
      { step: "left_out", result: "none: no provider has it" },
      { step: "sticky", result: "session s stays at a/m" },
    ]);
  });
});

test.each<[TraceStep, string]>([
  [{ step: "rule", result: "r", scope: "global" }, "r"],
  [{ step: "rule", result: "r", outcome: "error", text: "x" }, "r: error, no match: x"],
  [{ step: "rule", result: "r", outcome: "chain_loop" }, "r: chain comes back to it, stopped"],
  [
    { step: "target", result: "keys_resting", target: { provider: "a", model: "m" } },
    "a/m: goes last, all its keys rest",
  ],
  [{ step: "left_out", result: "no_key", target: { provider: "a", model: "m" } }, "a/m: no key for this model"],
  [{ step: "hedge", result: "second call after 300 ms" }, "second call after 300 ms"],
])("%j reads %s", (step, text) => {
  expect(stepText(step)).toBe(text);
});
