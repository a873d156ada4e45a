import { expect, test } from "bun:test";
import type { Citation } from "../canonical/content.ts";
import type { Opaque } from "../canonical/opaque.ts";
import type { ChatRequest, Item } from "../canonical/request.ts";
import { holdsForeignState, holdsUnsafeCallId, holdsUnsignedThought } from "./foreign-state.ts";

const opaque = (maker: Opaque["maker"]): Opaque => ({ maker, kind: "signature", value: "s" });

function request(...items: Item[]): ChatRequest {
  return { model: "m", stream: false, items, tools: [], extensions: {}, warnings: [] };
}

test.each<[string, (state: Opaque) => Item]>([
  ["reasoning", (state) => ({ type: "reasoning", summary: [], text: "", opaque: state })],
  [
    "tool call",
    (state) => ({ type: "tool_call", callId: "c", name: "f", kind: "function", arguments: "", opaque: state }),
  ],
  ["text", (state) => ({ type: "message", role: "assistant", content: [{ type: "text", text: "a", opaque: state }] })],
])("a %s of another maker", (_, item) => {
  expect(holdsForeignState(request(item(opaque("gemini"))), ["anthropic-messages"])).toBe(true);
  expect(holdsForeignState(request(item(opaque("gemini"))), ["gemini"])).toBe(false);
});

test("citations that were made of another maker's", () => {
  const cites = (raw?: Citation["raw"]): Item => ({
    type: "message",
    role: "assistant",
    content: [{ type: "text", text: "a", citations: [{ type: "url", ...(raw && { raw }) }] }],
  });
  expect(holdsForeignState(request(cites()), ["anthropic-messages"])).toBe(true);
  const own = cites({ dialect: "anthropic-messages", value: {} });
  expect(holdsForeignState(request(own), ["anthropic-messages"])).toBe(false);
});

test("ids of calls that were made elsewhere", () => {
  const call = (callId: string): Item => ({ type: "tool_call", callId, name: "f", kind: "function", arguments: "" });
  expect(holdsUnsafeCallId(request(call("toolu_01Ab"), call("functions.f:0")))).toBe(true);
  expect(holdsUnsafeCallId(request(call("toolu_01Ab"), call("call_1-x")))).toBe(false);
});

test("nothing of anyone", () => {
  const said: Item = { type: "message", role: "user", content: [{ type: "text", text: "a" }] };
  expect(holdsForeignState(request(said, { type: "reasoning", summary: [], text: "hm" }), ["openai-chat"])).toBe(false);
});

test("a thought without its maker's state", () => {
  const thought: Item = { type: "reasoning", summary: [], text: "hm" };
  expect(holdsUnsignedThought(request(thought))).toBe(true);
  expect(holdsUnsignedThought(request({ ...thought, opaque: opaque("anthropic-messages") }))).toBe(false);
});
