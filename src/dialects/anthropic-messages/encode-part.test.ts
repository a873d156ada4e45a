import { expect, test } from "bun:test";
import type { Part } from "../../canonical/content.ts";
import { encode, text } from "./fixtures/requests.ts";
import { anthropicMessages } from "./index.ts";

const media: Part[] = [
  { type: "text", text: "a" },
  { type: "image", source: { type: "url", url: "gs://bucket/i.png" }, mediaType: "image/png" },
  { type: "file", source: { type: "url", url: "s3://bucket/d.pdf" }, mediaType: "application/pdf" },
];

test("what Claude's hosts cannot fetch stays behind, with a warning", () => {
  const { body, fields } = encode({ items: [{ type: "message", role: "user", content: media }] });
  expect(body["messages"]).toEqual([{ role: "user", content: [text("a")] }]);
  expect(fields).toEqual(["dropped_content messages"]);
});

test("servers of other models may know other addresses", () => {
  const { body, fields } = encode({ items: [{ type: "message", role: "user", content: media }] }, "kimi-k2");
  expect(JSON.stringify(body)).toContain("gs://bucket/i.png");
  expect(fields).toEqual([]);
});

test("white space alone of another model's does not go to Claude, not from clients of this dialect either", () => {
  const content = [
    { type: "text", text: "\n\n" },
    { type: "tool_use", id: "x", name: "f", input: {} },
  ];
  const body = { model: "m", max_tokens: 1, messages: [{ role: "assistant", content }] };
  const { items, extensions } = anthropicMessages.decodeRequest({ body });
  const sent = (model: string): unknown => encode({ items, extensions }, model).body["messages"];
  expect(sent("claude-sonnet-4-5")).toEqual([{ role: "assistant", content: content.slice(1) }]);
  expect(sent("kimi-k2")).toEqual([{ role: "assistant", content }]);
});
