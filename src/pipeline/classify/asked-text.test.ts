import { describe, expect, test } from "bun:test";
import type { ChatRequest, Item } from "../../canonical/request.ts";
import { hasAnswer, lastUserText, systemText } from "./asked-text.ts";

const message = (role: "system" | "user" | "assistant", ...texts: string[]): Item => ({
  type: "message",
  role,
  content: texts.map((text) => ({ type: "text", text })),
});
const result: Item = { type: "tool_result", callId: "1", kind: "function", content: [{ type: "text", text: "42" }] };
const chat = (...items: Item[]): ChatRequest => ({
  model: "m",
  stream: false,
  warnings: [],
  items,
  tools: [],
  extensions: {},
});

describe("lastUserText", () => {
  test("is of the last user message with text, before answers and tool results", () => {
    const asked = chat(message("user", "one"), message("user", "two"), message("assistant", "three"), result);
    expect(lastUserText(asked, 100)).toEqual({ text: "two", length: 3 });
    expect(lastUserText(chat(message("user", "one"), message("user")), 100).text).toBe("one");
  });

  test("of several parts it is what they make together", () => {
    expect(lastUserText(chat(message("user", "a", "", "b")), 100)).toEqual({ text: "a\nb", length: 3 });
  });

  test("a long one is read at its beginning and its end, also over parts", () => {
    for (const parts of [["head", "-".repeat(5000), "tail"], ["head" + "-".repeat(5000) + "tail"]]) {
      const { text, length } = lastUserText(chat(message("user", ...parts)), 100);
      expect([text.length, text.startsWith("head"), text.endsWith("tail")]).toEqual([100, true, true]);
      expect(length).toBeGreaterThan(5000);
    }
  });

  test("of very many parts only the outer ones are looked at", () => {
    const parts = ["head", ...Array.from({ length: 5000 }, () => "-"), "tail"];
    const { text, length } = lastUserText(chat(message("user", ...parts)), 4000);
    expect([text.startsWith("head"), text.endsWith("tail"), length < 1000]).toEqual([true, true, true]);
  });

  test("there may be none", () => {
    expect(lastUserText(chat(), 100)).toEqual({ text: "", length: 0 });
    expect(lastUserText(chat(message("assistant", "x")), 100).text).toBe("");
  });
});

test("the system prompt, without what comes after it", () => {
  const asked = chat(message("system", "be brief"), message("user", "one"), message("user", "two"));
  expect(systemText(asked, 100)).toEqual({ text: "be brief", length: 8 });
});

test("a conversation is under way when the model has answered", () => {
  expect(hasAnswer(chat(message("system", "a"), message("user", "b")))).toBe(false);
  expect(hasAnswer(chat(message("user", "b"), message("assistant", "c"), message("user", "d")))).toBe(true);
  expect(hasAnswer(chat(message("user", "b"), result))).toBe(true);
});
