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
