import { expect, test } from "bun:test";
import type { Part } from "../../canonical/content.ts";
import type { ChatRequest, Item } from "../../canonical/request.ts";
import { cacheWishOf, openingOf } from "./opening.ts";

const text = (value: string, cache?: { ttl?: "1h" }): Part =>
  cache === undefined ? { type: "text", text: value } : { type: "text", text: value, cache };
const says = (role: "system" | "user" | "assistant", ...content: Part[]): Item => ({ type: "message", role, content });

function chatOf(items: Item[], more: Partial<ChatRequest> = {}): ChatRequest {
  return { model: "m", stream: false, warnings: [], items, tools: [], extensions: {}, ...more };
}

const OPENING = [says("system", text("Be brief.")), says("user", text("Hi"))];
const first = openingOf(chatOf(OPENING));

test("later turns have the opening of the first", () => {
  const later = [...OPENING, says("assistant", text("Hello")), says("user", text("And now?"))];
  expect(first).not.toBeNull();
  expect(openingOf(chatOf(later, { temperature: 1, maxOutputTokens: 5 }))).toBe(first);
});

test.each([
  ["another system message", [says("system", text("Be long.")), says("user", text("Hi"))], {}],
  ["another first question", [says("system", text("Be brief.")), says("user", text("Ho"))], {}],
  ["other tools", OPENING, { tools: [{ type: "function" as const, name: "f" }] }],
  ["the same text at another place", [says("user", text("Be brief."), text("Hi"))], {}],
])("%s is another conversation", (_, items, more) => {
  expect(openingOf(chatOf(items, more))).not.toBe(first);
});

test("media count by where they begin, however long they are", () => {
  const image = (data: string): Item[] => [says("user", { type: "image", source: { type: "base64", data } })];
  const one = openingOf(chatOf(image(`a${"x".repeat(1e6)}`)));
  expect(openingOf(chatOf(image(`b${"x".repeat(1e6)}`)))).not.toBe(one);
  const file = (id: string): Item[] => [says("user", { type: "file", source: { type: "file_id", id } })];
  expect(openingOf(chatOf(file("1")))).not.toBe(openingOf(chatOf(file("2"))));
});

test("what no user has said has no opening", () => {
  expect(openingOf(chatOf([says("system", text("Be brief."))]))).toBeNull();
  expect(openingOf(chatOf([]))).toBeNull();
});

test("a wish for a cache is seen where the opening makes it", () => {
  expect(cacheWishOf(chatOf(OPENING))).toBe("none");
  expect(cacheWishOf(chatOf([says("system", text("x", {})), ...OPENING]))).toBe("5m");
  expect(cacheWishOf(chatOf([says("system", text("x", { ttl: "1h" })), says("user", text("y", {}))]))).toBe("1h");
  expect(cacheWishOf(chatOf(OPENING, { cache: {} }))).toBe("5m");
  expect(cacheWishOf(chatOf(OPENING, { tools: [{ type: "function", name: "f", cache: {} }] }))).toBe("5m");
});
