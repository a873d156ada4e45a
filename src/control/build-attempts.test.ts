import { expect, test } from "bun:test";
import type { RouteData } from "../domain/route/data.ts";
import { aliasOf } from "../domain/route/fixtures/question.ts";
import { buildAttempts, measuresLatency } from "./build-attempts.ts";

test("what is not stated is not there, so that the wider place decides", () => {
  expect(buildAttempts({ hedging: undefined, attempt_timeout_ms: undefined })).toEqual({});
  expect(buildAttempts({ hedging: false, attempt_timeout_ms: undefined })).toEqual({ attempts: { hedging: null } });
  expect(buildAttempts({ hedging: undefined, attempt_timeout_ms: 500 })).toEqual({
    attempts: { attemptTimeoutMs: 500 },
  });
});

test("the time before a hedge is fixed or a percentile", () => {
  expect(buildAttempts({ hedging: { after: 250, max: 1 }, attempt_timeout_ms: undefined }).attempts?.hedging).toEqual({
    afterMs: 250,
    percentile: null,
    max: 1,
  });
  expect(buildAttempts({ hedging: { after: "p95", max: 2 }, attempt_timeout_ms: undefined }).attempts?.hedging).toEqual(
    { afterMs: null, percentile: 0.95, max: 2 },
  );
});

test("times are kept where an alias, a rule or the whole hedges by a percentile, and nowhere else", () => {
  const nothing: RouteData = { providers: [], aliases: {}, fallbacks: [], rules: [] };
  const fixed = { hedging: { afterMs: 50, percentile: null, max: 1 } };
  const usual = { hedging: { afterMs: null, percentile: 0.9, max: 1 } };
  const withAlias = (attempts: typeof fixed | typeof usual): RouteData => ({
    ...nothing,
    aliases: { "team:ml": [aliasOf("a", [], { attempts })] },
  });
  expect(measuresLatency(nothing)).toBe(false);
  expect(measuresLatency({ ...nothing, attempts: fixed })).toBe(false);
  expect(measuresLatency({ ...nothing, attempts: usual })).toBe(true);
  expect(measuresLatency(withAlias(fixed))).toBe(false);
  expect(measuresLatency(withAlias(usual))).toBe(true);
});
