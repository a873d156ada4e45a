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

interface Piece {
  index: number;
  function?: { name?: string; arguments?: string };
}

function callsOf(whole: boolean, parts: readonly StreamPart[] = PARTS): Piece[] {
  const encoder = createStreamEncoder({ request: { tools: [] }, wantsWholeCalls: whole } as unknown as ReplyContext);
  const text = parts.map((part) => encoder.encode(part)).join("");
  const chunks = text.split("\n\n").flatMap((event) => (event.startsWith("data: {") ? [event.slice(6)] : []));
  return chunks.flatMap((each) => JSON.parse(each).choices[0].delta.tool_calls ?? []);
}

test("calls of tools go out in one piece to clients that want it, also those without arguments", () => {
  expect(callsOf(true)).toMatchObject([
    { index: 0, id: "c1", function: { name: "one", arguments: '{"a":1}' } },
    { index: 1, id: "c2", function: { name: "two", arguments: "{}" } },
  ]);
  expect(callsOf(false).filter(({ function: said }) => said?.name === undefined)).not.toBeEmpty();
});

test("a signature that comes in the middle of a call goes along with it", () => {
  const signature: StreamPart = {
    type: "item_opaque",
    index: 0,
    opaque: { maker: "gemini", kind: "signature", value: "sig" },
  };
  const parts = PARTS.toSpliced(4, 0, signature);
  const whole = callsOf(true, parts);
  expect(whole.map(({ function: said }) => said?.name)).toEqual(["one", "two"]);
  expect(whole[0]).toHaveProperty("extra_content.google.thought_signature");
  const pieces = callsOf(false, parts);
  expect(pieces.filter((piece) => "extra_content" in piece)).toHaveLength(1);
  expect(pieces.filter((piece) => piece.function === undefined)).toEqual([]);
});
