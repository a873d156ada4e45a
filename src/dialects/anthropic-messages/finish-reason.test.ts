import { describe, expect, test } from "bun:test";
import type { Frame } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { Item } from "../../canonical/request.ts";
import type { ChatResponse } from "../../canonical/response.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { Warning } from "../../canonical/warning.ts";
import {
  E,
  MESSAGE,
  S,
  encodeText,
  frame,
  readWithSdk,
  reply,
  say,
  begin,
  done,
  stop,
} from "./fixtures/stream-frames.ts";
import { anthropicMessages } from "./index.ts";

const broken = (...items: Item[]): ChatResponse => ({
  id: "r",
  model: "m",
  createdAt: 0,
  candidates: [{ index: 0, items, finishReason: "error", rawFinishReason: "MALFORMED_FUNCTION_CALL" }],
});
const BROKEN: StreamPart = { type: "finish", candidate: 0, reason: "error", raw: "MALFORMED_FUNCTION_CALL" };
const started: Item = { type: "message", role: "assistant", content: [{ type: "text", text: "I will" }] };

describe("an answer that its provider broke off", () => {
  test("is cut off once it has some", () => {
    const warnings: Warning[] = [];
    const body = anthropicMessages.encodeResponse(broken(started), { ...reply, warnings });
    expect(body).toMatchObject({ content: [{ type: "text", text: "I will" }], stop_reason: "max_tokens" });
    expect(warnings).toMatchObject([{ code: "changed_field", field: "stop_reason" }]);
  });

  test("asks for a call that it holds, as Gemini's UNEXPECTED_TOOL_CALL does", () => {
    const call: Item = { type: "tool_call", callId: "c", name: "f", kind: "function", arguments: "{}" };
    const warnings: Warning[] = [];
    expect(anthropicMessages.encodeResponse(broken(call), { ...reply, warnings })["stop_reason"]).toBe("tool_use");
    const begun: StreamPart = { type: "item_start", index: 0, candidate: 0, kind: "tool_call", callId: "c", name: "f" };
    expect(encodeText([S, begun, done(0), BROKEN, E])).toContain('"stop_reason":"tool_use"');
    expect(warnings).toEqual([]);
  });

  test("cuts a stream with content off", async () => {
    const message = await readWithSdk(
      encodeText([S, begin(0, "message"), say(0, "I will"), done(0), BROKEN, E]),
    ).finalMessage();
    expect(message).toMatchObject({ content: [{ text: "I will" }], stop_reason: "max_tokens" });
  });
});

describe("a turn that ends although calls are left", () => {
  const call = { type: "tool_use", id: "t", name: "f", input: {} };
  const answer = (block: JsonObject): JsonObject => ({
    ...MESSAGE,
    content: [block],
    stop_reason: "end_turn",
  });
  const streamed = (block: JsonObject): Frame[] => [
    frame({ type: "message_start", message: MESSAGE }),
    frame({ type: "content_block_start", index: 0, content_block: block }),
    frame({ type: "content_block_stop", index: 0 }),
    stop("end_turn"),
  ];
  const endOf = (block: JsonObject): unknown[] => {
    const parts: StreamPart[] = [];
    const decoder = anthropicMessages.createStreamDecoder();
    for (const each of streamed(block)) decoder.push(each, parts);
    const whole = anthropicMessages.decodeResponse(answer(block)).candidates[0]?.finishReason;
    return [whole, parts.find((part) => part.type === "finish")?.reason];
  };

  test("asks for the calls that are the client's", () => {
    expect(endOf(call)).toEqual(["tool_calls", "tool_calls"]);
    expect(endOf({ ...call, caller: { type: "direct" } })).toEqual(["tool_calls", "tool_calls"]);
  });

  test("is over when code of the vendor's had made them", () => {
    const caller = { type: "code_execution_20250825", tool_id: "srvtoolu_1" };
    expect(endOf({ ...call, caller })).toEqual(["stop", "stop"]);
  });

  test("is told so to clients of this dialect", () => {
    const response = anthropicMessages.decodeResponse(answer(call));
    expect(anthropicMessages.encodeResponse(response, reply)["stop_reason"]).toBe("tool_use");
  });
});
