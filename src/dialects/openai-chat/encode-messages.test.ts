import { expect, test } from "bun:test";
import type { Item } from "../../canonical/request.ts";
import { encode, request } from "./fixtures/requests.ts";

const say = (text: string): Item => ({ type: "message", role: "user", content: [{ type: "text", text }] });

test("results stand right behind their calls, whatever was said in between", () => {
  const items: Item[] = [
    say("go"),
    { type: "tool_call", callId: "A", name: "f", kind: "function", arguments: "{}" },
    say("quick"),
    { type: "tool_result", callId: "A", kind: "function", content: [] },
  ];
  expect(encode(request(items)).body["messages"]).toMatchObject([
    { role: "user", content: "go" },
    { role: "assistant" },
    { role: "tool", tool_call_id: "A" },
    { role: "user", content: "quick" },
  ]);
});
