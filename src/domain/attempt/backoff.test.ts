import { expect, test } from "bun:test";
import { retryAfterMs } from "./backoff.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const DAY = 86_400_000;

test.each<[Record<string, string>, number | null]>([
  [{ "retry-after": "2" }, 2000],
  [{ "retry-after": "0" }, 0],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after": "Thu, 01 Jan 2026 00:00:09 GMT" }, 9000],
  [{ "retry-after": "Wed, 31 Dec 2025 23:59:59 GMT" }, null],
  [{ "retry-after": "1e9" }, DAY],
  [{ "retry-after": "" }, null],
  [{ "retry-after": "soon" }, null],
  [{ "retry-after": "-1" }, null],
  [{ "retry-after": "Infinity" }, null],
  [{ "retry-after-ms": "30", "retry-after": "1" }, 30],
  [{ "retry-after-ms": "", "retry-after": "7" }, 7000],
  [{ "retry-after-ms": "-5", "retry-after": "7" }, 7000],
  [{}, null],
])("%j asks for %p", (headers, expected) => {
  expect(retryAfterMs((name) => headers[name] ?? null, NOW)).toBe(expected);
});
