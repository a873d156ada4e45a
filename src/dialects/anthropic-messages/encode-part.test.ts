import { expect, test } from "bun:test";
import type { Part } from "../../canonical/content.ts";
import { encode, text } from "./fixtures/requests.ts";

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
