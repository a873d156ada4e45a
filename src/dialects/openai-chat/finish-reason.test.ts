import { describe, expect, test } from "bun:test";
import type { FinishReason } from "../../canonical/response.ts";
import { decodeFinish, encodeFinish, finishWord } from "./finish-reason.ts";

describe("decodeFinish", () => {
  const cases: [string, FinishReason][] = [
    ["stop", "stop"],
    ["length", "length"],
    ["model_length", "length"],
    ["STOP", "stop"],
    ["function_call", "tool_calls"],
    ["content_filter", "content_filter"],
    ["sensitive", "content_filter"],
    ["network_error", "error"],
    ["eos", "stop"],
    ["constructor", "other"],
    ["something new", "other"],
  ];
  test.each(cases)("%s is %s", (word, reason) => expect(decodeFinish(word, false, null).reason).toBe(reason));

  test("stop after tool calls means tool calls", () => {
    expect(decodeFinish("stop", true, null)).toEqual({ reason: "tool_calls", raw: "stop" });
    expect(decodeFinish(undefined, true, null)).toEqual({ reason: "tool_calls" });
    expect(decodeFinish("length", true, null).reason).toBe("length");
  });

  test("vLLM and SGLang tell the stop sequence, or a token's id", () => {
    expect(decodeFinish("stop", false, "\n\n")).toEqual({ reason: "stop_sequence", raw: "stop", stopSequence: "\n\n" });
    expect(decodeFinish("stop", false, 151645)).toEqual({ reason: "stop", raw: "stop" });
  });

  test("null and nothing mean that the answer goes on", () => {
    expect([finishWord(null), finishWord(""), finishWord(undefined), finishWord("stop")]).toEqual([
      undefined,
      undefined,
      undefined,
      "stop",
    ]);
  });
});

describe("encodeFinish", () => {
  test("a word is kept for its own dialect, for others it is the reason's", () => {
    expect(encodeFinish("tool_calls", "stop", true, false)).toBe("stop");
    expect(encodeFinish("tool_calls", "stop", false, false)).toBe("tool_calls");
    expect(encodeFinish("stop", "end_turn", false, false)).toBe("stop");
    expect(encodeFinish("other", "eos", true, false)).toBe("eos");
  });

  test("legacy clients hear function_call", () => {
    expect(encodeFinish("tool_calls", "tool_use", false, true)).toBe("function_call");
    expect(encodeFinish("tool_calls", "tool_use", false, false)).toBe("tool_calls");
  });
});
