import { expect, test } from "bun:test";
import type { ImageOptions } from "../../../canonical/tasks/image.ts";
import { ImageEventReader } from "./event-reader.ts";

function readerFor(n?: number): ImageEventReader {
  const options: ImageOptions = { model: "m", stream: true, extensions: {}, warnings: [] };
  return new ImageEventReader(n === undefined ? options : { ...options, n });
}

function frame(type: string, more: object = {}): { event: string; data: string } {
  return { event: type, data: JSON.stringify({ type, ...more }) };
}

const usage = { input_tokens: 5, output_tokens: 100, total_tokens: 105 };

test("the last image that was asked for ends the stream, with the tokens of all", () => {
  const reader = readerFor(2);
  expect(reader.read(frame("image_edit.partial_image"))).toEqual({ type: "content" });
  expect(reader.read(frame("image_edit.completed", { usage }))).toEqual({ type: "content" });
  expect(reader.read(frame("image_edit.completed", { usage }))).toMatchObject({
    type: "end",
    usage: { inputTokens: 10, outputTokens: 200 },
  });
});

test("without usage the images count", () => {
  expect(readerFor().read(frame("image_generation.completed"))).toMatchObject({
    type: "end",
    usage: { units: { images: 1 } },
  });
});

test("errors are errors, anything else passes", () => {
  const reader = readerFor();
  expect(reader.read({ event: "error", data: '{"error":{"message":"no"}}' })).toMatchObject({
    type: "error",
    error: { code: "upstream_error", message: "no" },
  });
  for (const data of ["", "[DONE]", "[]", "null", '{"type":5}', '{"error":null}'])
    expect(reader.read({ event: "", data })).toEqual({ type: "other" });
});
