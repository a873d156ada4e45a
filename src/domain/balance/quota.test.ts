import { expect, test } from "bun:test";
import { readQuota } from "./quota.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const read = (headers: Record<string, string>) => readQuota((name) => headers[name] ?? null, NOW);

test("the tightest of OpenAI's quotas counts", () => {
  const requests = {
    "x-ratelimit-limit-requests": "60",
    "x-ratelimit-remaining-requests": "59",
    "x-ratelimit-reset-requests": "1s",
  };
  expect(read(requests)).toEqual({ share: 59 / 60, resetMs: 1000 });
  const tokens = {
    "x-ratelimit-limit-tokens": "1000",
    "x-ratelimit-remaining-tokens": "100",
    "x-ratelimit-reset-tokens": "6m0.5s",
  };
  expect(read({ ...requests, ...tokens })).toEqual({ share: 0.1, resetMs: 360_500 });
  expect(read({ ...tokens, "x-ratelimit-reset-tokens": "12ms" })).toEqual({ share: 0.1, resetMs: 12 });
});

test("Anthropic's are reset at a time", () => {
  const headers = {
    "anthropic-ratelimit-input-tokens-limit": "80000",
    "anthropic-ratelimit-input-tokens-remaining": "20000",
    "anthropic-ratelimit-input-tokens-reset": "2026-01-01T00:00:07Z",
    "anthropic-ratelimit-requests-limit": "1000",
    "anthropic-ratelimit-requests-remaining": "999",
    "anthropic-ratelimit-requests-reset": "2026-01-01T00:00:01Z",
  };
  expect(read(headers)).toEqual({ share: 0.25, resetMs: 7000 });
});

test("nonsense says nothing", () => {
  expect(read({})).toBeNull();
  expect(read({ "x-ratelimit-remaining-requests": "5" })).toBeNull();
  expect(read({ "x-ratelimit-remaining-requests": "5", "x-ratelimit-limit-requests": "0" })).toBeNull();
  expect(read({ "x-ratelimit-remaining-requests": "many", "x-ratelimit-limit-requests": "10" })).toBeNull();
  const unclear = { "x-ratelimit-remaining-requests": "-5", "x-ratelimit-limit-requests": "10" };
  expect(read({ ...unclear, "x-ratelimit-reset-requests": "soon" })).toEqual({ share: 0, resetMs: 60_000 });
});

test("Cerebras' have the window in their names, and seconds", () => {
  const headers = {
    "x-ratelimit-limit-requests-day": "14400",
    "x-ratelimit-remaining-requests-day": "14300",
    "x-ratelimit-reset-requests-day": "33011.382867",
    "x-ratelimit-limit-tokens-minute": "60000",
    "x-ratelimit-remaining-tokens-minute": "0",
    "x-ratelimit-reset-tokens-minute": "11.5",
  };
  expect(read(headers)).toEqual({ share: 0, resetMs: 11_500 });
});

test("Mistral's, newer and older", () => {
  const newer = { "x-ratelimit-limit-req-minute": "720", "x-ratelimit-remaining-req-minute": "0" };
  expect(read(newer)).toEqual({ share: 0, resetMs: 60_000 });
  const older = {
    "x-ratelimitbysize-limit-minute": "500000",
    "x-ratelimitbysize-remaining-minute": "50000",
    "ratelimitbysize-reset": "23",
  };
  expect(read(older)).toEqual({ share: 0.1, resetMs: 23_000 });
});

test("Azure's that nothing is left counts without a limit, what is left does not", () => {
  expect(read({ "x-ratelimit-remaining-tokens": "0" })).toEqual({ share: 0, resetMs: 60_000 });
  expect(read({ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "3" })?.resetMs).toBe(3000);
  expect(read({ "x-ratelimit-remaining-tokens": "7" })).toBeNull();
});

test("without a vendor's name: times since 1970 in seconds or milliseconds, durations in seconds", () => {
  const at = (reset: string) =>
    read({ "x-ratelimit-limit": "20", "x-ratelimit-remaining": "5", "x-ratelimit-reset": reset });
  expect(at(String(NOW / 1000 + 30))).toEqual({ share: 0.25, resetMs: 30_000 });
  expect(at(String(NOW + 45_000))).toEqual({ share: 0.25, resetMs: 45_000 });
  expect(at(String(NOW - 45_000))).toEqual({ share: 0.25, resetMs: 0 });
  expect(at("12")).toEqual({ share: 0.25, resetMs: 12_000 });
});

test("the IETF's drafts, each of their three forms", () => {
  expect(read({ "ratelimit-limit": "100", "ratelimit-remaining": "40", "ratelimit-reset": "7" })).toEqual({
    share: 0.4,
    resetMs: 7000,
  });
  expect(read({ ratelimit: "limit=100, remaining=30, reset=50" })).toEqual({ share: 0.3, resetMs: 50_000 });
  const policy = '"burst";q=100;w=60,"day";q=1000;w=86400';
  expect(read({ ratelimit: '"burst";r=50;t=30, "day";r=100;t=9000', "ratelimit-policy": policy })).toEqual({
    share: 0.1,
    resetMs: 9_000_000,
  });
  expect(read({ ratelimit: '"burst";r=0;t=30' })).toEqual({ share: 0, resetMs: 30_000 });
  expect(read({ ratelimit: '"burst";r=10;t=30' })).toBeNull();
  expect(read({ ratelimit: "x".repeat(5000) })).toBeNull();
});

test("of two that are used up the one that takes longer counts", () => {
  const headers = {
    "anthropic-ratelimit-requests-limit": "10",
    "anthropic-ratelimit-requests-remaining": "0",
    "anthropic-ratelimit-requests-reset": "2026-01-01T00:00:09Z",
    "anthropic-ratelimit-tokens-limit": "10",
    "anthropic-ratelimit-tokens-remaining": "0",
    "anthropic-ratelimit-tokens-reset": "2026-01-01T00:00:02Z",
  };
  expect(read(headers)).toEqual({ share: 0, resetMs: 9000 });
});
