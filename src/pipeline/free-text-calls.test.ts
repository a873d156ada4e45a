import { expect, test } from "bun:test";
import type { StreamDecoder } from "../canonical/dialect.ts";
import type { ChatResponse } from "../canonical/response.ts";
import type { StreamPart } from "../canonical/stream-part.ts";
import { FreeTextDecoder, restoreFreeText } from "./free-text-calls.ts";

const NAMES = new Set(["apply_patch"]);

function answer(name: string, args: string): ChatResponse {
  const call = { type: "tool_call", callId: "call_1", name, kind: "function", arguments: args } as const;
  return { id: "", model: "", createdAt: 0, candidates: [{ index: 0, items: [call], finishReason: "tool_calls" }] };
}

function restoredCall(name: string, args: string): unknown {
  const response = answer(name, args);
  restoreFreeText(response, NAMES);
  return response.candidates[0]?.items[0];
}

test("a free-text tool's call has its text, whatever the argument is called", () => {
  expect(restoredCall("apply_patch", '{"tl_custom_input":"*** x"}')).toMatchObject({
    kind: "custom",
    arguments: "*** x",
  });
  expect(restoredCall("apply_patch", '{"input":"a\\nb"}')).toMatchObject({ kind: "custom", arguments: "a\nb" });
});

test("arguments of another form stay as the model wrote them", () => {
  for (const args of ['{"a":"1","b":"2"}', '{"input":1}', "[]", "*** Begin", ""]) {
    expect(restoredCall("apply_patch", args)).toMatchObject({ kind: "custom", arguments: args });
  }
});

test("calls of functions stay functions", () => {
  expect(restoredCall("shell", '{"command":"ls"}')).toMatchObject({ kind: "function", arguments: '{"command":"ls"}' });
});

test("in a stream the text comes at the end of its call, other calls as they are", () => {
  const start = (index: number, name: string): StreamPart => ({
    type: "item_start",
    index,
    candidate: 0,
    kind: "tool_call",
    callId: `call_${index}`,
    name,
  });
  const delta = (index: number, text: string): StreamPart => ({ type: "tool_delta", index, text });
  const end = (index: number): StreamPart => ({ type: "item_end", index });
  const first = [start(0, "apply_patch"), start(1, "shell"), delta(0, '{"input":'), delta(1, "{}")];
  const last = [end(1), delta(0, '"*** x"}'), end(0)];
  const inner: StreamDecoder = {
    push: (_frame, out) => void out.push(...first),
    finish: (out) => void out.push(...last),
  };
  const decoder = new FreeTextDecoder(inner, NAMES);
  const out: StreamPart[] = [];
  decoder.push({ event: "", data: "" }, out);
  expect(out).toEqual([
    { ...start(0, "apply_patch"), toolKind: "custom" } as StreamPart,
    start(1, "shell"),
    delta(1, "{}"),
  ]);
  decoder.finish(out);
  expect(out.slice(3)).toEqual([end(1), delta(0, "*** x"), end(0)]);
});
