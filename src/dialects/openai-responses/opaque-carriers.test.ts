import { expect, test } from "bun:test";
import type { ReplyContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { Item } from "../../canonical/request.ts";
import type { Warning } from "../../canonical/warning.ts";
import { openaiResponses } from "./index.ts";

const gemini = (value: string) => ({ maker: "gemini", kind: "signature", value }) as const;
const reply: ReplyContext = {
  requestId: "q1",
  model: "m",
  createdAt: 5,
  request: openaiResponses.decodeRequest({ body: { model: "m", input: "hi" } }),
};

const ITEMS: Item[] = [
  { type: "reasoning", summary: [], text: "hm", opaque: gemini("one") },
  {
    type: "message",
    role: "assistant",
    content: [
      { type: "text", text: "a" },
      { type: "text", text: "b", opaque: gemini("two") },
    ],
  },
  { type: "tool_call", callId: "c1", name: "f", kind: "function", arguments: "{}", opaque: gemini("three") },
  { type: "tool_call", callId: "c2", name: "g", kind: "function", arguments: "{}" },
];

test("another maker's state comes back to where it was", () => {
  const response = {
    id: "",
    model: "g",
    createdAt: 1,
    candidates: [{ index: 0, items: ITEMS, finishReason: "tool_calls" as const }],
  };
  const { output } = openaiResponses.encodeResponse(response, reply);
  expect((output as JsonObject[]).map((item) => item.type)).toEqual([
    "reasoning",
    "message",
    "reasoning",
    "function_call",
    "reasoning",
    "function_call",
  ]);
  const again = openaiResponses.decodeRequest({ body: { model: "m", input: output ?? [] } });
  expect(again.items.map((item) => item.type)).toEqual(["reasoning", "message", "tool_call", "tool_call"]);
  expect(again.items[0]).toMatchObject({ text: "hm", opaque: gemini("one") });
  expect(again.items[1]).toMatchObject({ content: [{ text: "a" }, { text: "b", opaque: gemini("two") }] });
  expect(again.items[2]).toMatchObject({ callId: "c1", opaque: gemini("three") });
  expect(again.items[3]).not.toHaveProperty("opaque");
});

test("it finds its place where the client leaves out the ids of items", () => {
  const response = {
    id: "",
    model: "g",
    createdAt: 1,
    candidates: [{ index: 0, items: ITEMS, finishReason: "tool_calls" as const }],
  };
  const { output } = openaiResponses.encodeResponse(response, reply);
  const input = (output as JsonObject[]).map(({ id: _id, ...item }) => item);
  const again = openaiResponses.decodeRequest({ body: { model: "m", input } });
  expect(again.items.map((item) => item.type)).toEqual(["reasoning", "message", "tool_call", "tool_call"]);
  expect(again.items[1]).toMatchObject({ content: [{ text: "a" }, { text: "b" }] });
  expect(again.items[1]).toHaveProperty("content.1.opaque", gemini("two"));
  expect(again.items[2]).toHaveProperty("opaque", gemini("three"));
});

test("nothing of it reaches an upstream of this dialect", () => {
  const response = {
    id: "",
    model: "g",
    createdAt: 1,
    candidates: [{ index: 0, items: ITEMS, finishReason: "tool_calls" as const }],
  };
  const { output } = openaiResponses.encodeResponse(response, reply);
  const request = openaiResponses.decodeRequest({ body: { model: "m", input: output ?? [] } });
  const warnings: Warning[] = [];
  const { body } = openaiResponses.encodeRequest(request, { model: "gpt-5", warnings, flags: {} });
  const text = JSON.stringify(body);
  expect(text).not.toContain("_tl");
  expect(text).not.toContain("tl1.");
  expect((body.input as JsonObject[]).map((item) => item.type)).toEqual(["message", "function_call", "function_call"]);
  expect(warnings.map((warning) => warning.code)).toEqual(["dropped_opaque", "dropped_opaque", "dropped_opaque"]);
});
