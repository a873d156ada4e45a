import { describe, expect, test } from "bun:test";
import type { Item, ToolResultItem } from "../../canonical/request.ts";
import { answers, calls, encode, says, text } from "./fixtures/requests.ts";
import type { WireMessage } from "./wire.ts";

interface Encoded {
  messages: WireMessage[];
  fields: string[];
}

function encoded(...items: Item[]): Encoded {
  const { body, fields } = encode({ items });
  return { messages: body["messages"] as WireMessage[], fields };
}

const call = (id: string) => ({ type: "tool_use", id, name: "f", input: {} });
const result = (id: string) => ({ type: "tool_result", tool_use_id: id, content: [text("ok")] });

describe("calls and results", () => {
  test("results stand right behind their calls, whoever spoke in between", () => {
    const { messages, fields } = encoded(
      says("user", "a"),
      calls("x"),
      calls("y"),
      answers("x"),
      says("assistant", "one is there"),
      answers("y"),
    );
    expect(messages).toEqual([
      { role: "user", content: [text("a")] },
      { role: "assistant", content: [call("x"), call("y")] },
      { role: "user", content: [result("x"), result("y")] },
      { role: "assistant", content: [text("one is there")] },
      { role: "user", content: [text("Continue.")] },
    ]);
    expect(fields).toEqual(["changed_field messages", "changed_field messages"]);
  });

  test("a call made again gets an id of its own, and so does its result", () => {
    const { messages, fields } = encoded(says("user", "a"), calls("x"), answers("x"), calls("x"), answers("x"));
    expect(messages.slice(1).map(({ content }) => content)).toEqual([
      [call("x")],
      [result("x")],
      [call("x_2")],
      [result("x_2")],
    ]);
    expect(fields).toEqual([]);
  });

  test("calls side by side that share an id get their results in order", () => {
    const { messages } = encoded(says("user", "a"), calls("x"), calls("x"), answers("x"), answers("x"));
    expect(messages.slice(1).map(({ content }) => content)).toEqual([
      [call("x"), call("x_2")],
      [result("x"), result("x_2")],
    ]);
  });

  test("calls come last in their turn", () => {
    const [, turn] = encoded(says("user", "a"), calls("x"), says("assistant", "so"), answers("x")).messages;
    expect(turn?.content).toEqual([text("so"), call("x")]);
  });

  test("thoughts of their maker keep their place", () => {
    const thought: Item = {
      type: "reasoning",
      summary: [],
      text: "hm",
      opaque: { maker: "anthropic-messages", kind: "signature", value: "s" },
    };
    const [, turn] = encoded(says("user", "a"), calls("x"), thought, says("assistant", "so"), answers("x")).messages;
    expect(turn?.content).toEqual([call("x"), { type: "thinking", thinking: "hm", signature: "s" }, text("so")]);
  });

  test("the failure of a tool has words", () => {
    const failed: ToolResultItem = { ...answers("x", ""), isError: true };
    const { messages, fields } = encoded(says("user", "a"), calls("x"), failed);
    expect(messages[2]?.content).toEqual([
      {
        type: "tool_result",
        tool_use_id: "x",
        content: [text("The tool failed and gave no reason.")],
        is_error: true,
      },
    ]);
    expect(fields).toEqual(["changed_field messages"]);
  });
});
