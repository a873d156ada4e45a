import { expect, test } from "bun:test";
import type { ReplyContext } from "../../canonical/dialect.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { createStreamEncoder } from "./encode-stream.ts";
import { wantsWholeCalls } from "./whole-calls.ts";

test.each([
  ["speakeasy-sdk/typescript 2.7.0 2.884.13 1.0.0 @mistralai/mistralai", true],
  ["speakeasy-sdk/python 1.9.11 2.687.13 1.0.0 mistralai", true],
  ["mistral-client-python/0.4.2", true],
  ["OpenAI/JS 6.9.0", false],
  ["", false],
])("%s", (agent, wanted) => {
  expect(wantsWholeCalls(agent)).toBe(wanted);
});

const PARTS: StreamPart[] = [
  { type: "start", id: "a", model: "m", createdAt: 1 },
  { type: "item_start", index: 0, candidate: 0, kind: "tool_call", callId: "c1", name: "one", toolKind: "function" },
  { type: "item_start", index: 1, candidate: 0, kind: "tool_call", callId: "c2", name: "two", toolKind: "function" },
  { type: "tool_delta", index: 0, text: '{"a":' },
  { type: "tool_delta", index: 0, text: "1}" },
  { type: "item_end", index: 0 },
  { type: "item_end", index: 1 },
];

function callsOf(whole: boolean): { index: number; function: { name?: string; arguments: string } }[] {
  const encoder = createStreamEncoder({ request: { tools: [] }, wantsWholeCalls: whole } as unknown as ReplyContext);
  const text = PARTS.map((part) => encoder.encode(part)).join("");
  const chunks = text.split("\n\n").flatMap((event) => (event.startsWith("data: {") ? [event.slice(6)] : []));
  return chunks.flatMap((each) => JSON.parse(each).choices[0].delta.tool_calls ?? []);
}

test("calls of tools go out in one piece to clients that want it, also those without arguments", () => {
  expect(callsOf(true)).toMatchObject([
    { index: 0, id: "c1", function: { name: "one", arguments: '{"a":1}' } },
    { index: 1, id: "c2", function: { name: "two", arguments: "{}" } },
  ]);
  expect(callsOf(false).filter(({ function: { name } }) => name === undefined)).not.toBeEmpty();
});
