import { expect, test } from "bun:test";
import type { ChatRequest } from "../../canonical/request.ts";
import { weighRequest } from "./estimate.ts";

const weigh = (fields: object) => weighRequest({ items: [], tools: [], ...fields } as unknown as ChatRequest, 400);
const message = (cache: object) => ({ type: "message", role: "user", content: [{ type: "text", text: "x", cache }] });

test("what is asked for beyond measure counts as much as stays exact in sums", () => {
  expect(weigh({ maxOutputTokens: 100, n: 3 }).outputTokens).toBe(300);
  expect(weigh({ maxOutputTokens: 2 ** 40, n: 2 ** 40 }).outputTokens).toBe(2 ** 31);
});

test("what is marked for the provider's cache is known, wherever the mark stands, by its longest time", () => {
  expect(weigh({})).toEqual({ inputTokens: 100, outputTokens: null, hasMedia: false, hasImages: false });
  expect(weigh({ cache: {} }).cacheWrite).toBe("5m");
  expect(weigh({ tools: [{ type: "function", name: "f", cache: { ttl: "1h" } }] }).cacheWrite).toBe("1h");
  expect(weigh({ items: [message({ ttl: "1h" }), message({ ttl: "5m" })] }).cacheWrite).toBe("1h");
  const result = { type: "tool_result", callId: "c", kind: "function", content: [], cache: {} };
  expect(weigh({ items: [result] }).cacheWrite).toBe("5m");
});
