import { describe, expect, test } from "bun:test";
import type { Frame } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { chunk, done, stop, decode, items, checkOrder } from "./fixtures/stream-frames.ts";

const calls = (...frames: Frame[]): unknown[] =>
  items(...frames, stop, done).map((item) =>
    item.type === "tool_call" ? [item.callId, item.name, item.arguments] : item.type,
  );

const call = (value: JsonObject): Frame => chunk({ tool_calls: [value] });

describe("tool calls", () => {
  const f = (name?: string, args?: string): JsonObject => ({
    ...(name !== undefined && { name }),
    ...(args !== undefined && { arguments: args }),
  });
  const cases: [string, Frame[], unknown[]][] = [
    [
      "in pieces",
      [
        call({ index: 0, id: "a", type: "function", function: f("x", "") }),
        call({ index: 0, function: f(undefined, "{") }),
        call({ index: 0, function: f(undefined, "}") }),
      ],
      [["a", "x", "{}"]],
    ],
    [
      "two, interleaved",
      [
        call({ index: 0, id: "a", function: f("x", "{") }),
        call({ index: 1, id: "b", function: f("y", "[") }),
        call({ index: 0, function: f(undefined, "}") }),
        call({ index: 1, function: f(undefined, "]") }),
      ],
      [
        ["a", "x", "{}"],
        ["b", "y", "[]"],
      ],
    ],
    [
      "several whole calls in one delta",
      [
        chunk({
          tool_calls: [
            { index: 0, id: "a", function: f("x", "{}") },
            { index: 1, id: "b", function: f("y", "{}") },
          ],
        }),
      ],
      [
        ["a", "x", "{}"],
        ["b", "y", "{}"],
      ],
    ],
    [
      "of one name, without ids, all with index 0",
      [
        call({ index: 0, id: "", function: f("x", '{"a":') }),
        call({ index: 0, id: "", function: f("x", "1}") }),
        call({ index: 0, id: "", function: f("x", "") }),
        call({ index: 0, id: "", function: f("x", '{"a":2}') }),
      ],
      [
        [expect.stringMatching(/^call_/), "x", '{"a":1}'],
        [expect.stringMatching(/^call_/), "x", '{"a":2}'],
      ],
    ],
    [
      "all with index 0",
      [call({ index: 0, id: "a", function: f("x", "{}") }), call({ index: 0, id: "b", function: f("x", "{}") })],
      [
        ["a", "x", "{}"],
        ["b", "x", "{}"],
      ],
    ],
    [
      "without index",
      [
        call({ id: "a", function: f("x", "{") }),
        call({ function: f(undefined, "}") }),
        call({ id: "b", function: f("y", "{}") }),
      ],
      [
        ["a", "x", "{}"],
        ["b", "y", "{}"],
      ],
    ],
    [
      "id and name repeated",
      [call({ index: 0, id: "a", function: f("x", "{") }), call({ index: 0, id: "a", function: f("x", "}") })],
      [["a", "x", "{}"]],
    ],
    [
      "a new id in each piece",
      [call({ id: "a", function: f("x", "{") }), call({ id: "z", function: f("", "}") })],
      [["a", "x", "{}"]],
    ],
    [
      "id empty in later pieces",
      [call({ index: 0, id: "a", function: f("x", "{") }), call({ index: 0, id: "", function: f("", "}") })],
      [["a", "x", "{}"]],
    ],
    [
      "the name after the id",
      [call({ index: 0, id: "a", function: f(undefined, "{") }), call({ index: 0, function: f("x", "}") })],
      [["a", "x", "{}"]],
    ],
    [
      "arguments as an object",
      [call({ index: 0, id: "a", function: { name: "x", arguments: { q: 1 } } })],
      [["a", "x", '{"q":1}']],
    ],
    [
      "null everywhere",
      [call({ index: 0, id: "a", type: null, function: { name: "x", arguments: null } }), chunk({ tool_calls: null })],
      [["a", "x", ""]],
    ],
    ["a nameless one", [call({ index: 0, id: "a", function: f(undefined, "{}") })], [["a", "", "{}"]]],
    [
      "custom",
      [
        call({ index: 0, id: "a", type: "custom", custom: { name: "x", input: "fr" } }),
        call({ index: 0, custom: { input: "ee" } }),
      ],
      [["a", "x", "free"]],
    ],
  ];
  test.each(cases)("%s", (_name, frames, expected) => {
    expect(calls(...frames)).toEqual(expected);
    checkOrder(decode(...frames, stop, done));
  });

  test("ids are made up and differ", () => {
    const [one, two] = items(
      call({ index: 0, function: f("x", "{}") }),
      call({ index: 1, function: f("y", "{}") }),
      stop,
      done,
    );
    const ids = [one, two].map((item) => (item?.type === "tool_call" ? item.callId : ""));
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^call_\w+$/u);
  });

  test("function_call", () => {
    const frames = [
      chunk({ function_call: { name: "x", arguments: "" } }),
      chunk({ function_call: { arguments: "{}" } }),
    ];
    expect(items(...frames, stop, done)).toMatchObject([{ type: "tool_call", name: "x", arguments: "{}" }]);
  });

  test("a call and audio that were not made, but are written out", () => {
    const audio = { id: "", data: "", transcript: "", expires_at: 0 };
    const frames = [chunk({ content: "a", function_call: { name: "", arguments: "" }, audio, tool_calls: null })];
    expect(items(...frames, stop, done)).toEqual([
      { type: "message", role: "assistant", content: [{ type: "text", text: "a" }] },
    ]);
    expect(decode(...frames, stop, done)).toContainEqual(expect.objectContaining({ type: "finish", reason: "stop" }));
  });

  test("text before and after calls are messages of their own", () => {
    const frames = [
      chunk({ content: "a" }),
      call({ index: 0, id: "c", function: f("x", "{}") }),
      chunk({ content: "b" }),
    ];
    expect(items(...frames, stop, done).map((item) => item.type)).toEqual(["message", "tool_call", "message"]);
    checkOrder(decode(...frames, stop, done));
  });
});
