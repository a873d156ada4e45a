import { expect, test } from "bun:test";
import type { ChatResponse } from "../../canonical/response.ts";
import { calls } from "./fixtures/requests.ts";
import { E, S, args, call, done, encode, finish, reply } from "./fixtures/stream-frames.ts";
import { anthropicMessages } from "./index.ts";

const HISTORY = anthropicMessages.decodeRequest({
  body: {
    model: "m",
    max_tokens: 1,
    messages: [{ role: "assistant", content: [{ type: "tool_use", id: "list_dir:0", name: "list_dir", input: {} }] }],
  },
});

test("an id that the conversation has already becomes another one, in an answer too", () => {
  const items = [calls("list_dir:0"), calls("list_dir:0"), calls("call_1")];
  const response: ChatResponse = {
    id: "r",
    model: "m",
    createdAt: 0,
    candidates: [{ index: 0, items, finishReason: "tool_calls" }],
  };
  const { content } = anthropicMessages.encodeResponse(response, { ...reply, request: HISTORY });
  expect(content).toMatchObject([{ id: "list_dir:0_2" }, { id: "list_dir:0_3" }, { id: "call_1" }]);
  expect(anthropicMessages.encodeResponse(response, reply)["content"]).toMatchObject([
    { id: "list_dir:0" },
    { id: "list_dir:0_2" },
    { id: "call_1" },
  ]);
});

test("and in a stream", () => {
  const events = encode(
    S,
    call(0, "x"),
    args(0, "{}"),
    done(0),
    call(1, "x"),
    args(1, "{}"),
    done(1),
    finish("tool_calls"),
    E,
  );
  const started = events.filter(({ type }) => type === "content_block_start");
  expect(started).toMatchObject([{ content_block: { id: "x" } }, { content_block: { id: "x_2" } }]);
});
