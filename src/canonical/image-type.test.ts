import { expect, test } from "bun:test";
import { imageType } from "./image-type.ts";

test.each([
  ["image/jpg", "QUJD", "image/jpeg"],
  ["Image/PNG; charset=x", "QUJD", "image/png"],
  ["image/jpeg", "iVBORw0KGgoAAAA", "image/png"],
  ["application/octet-stream", "/9j/4AAQ", "image/jpeg"],
  [undefined, "R0lGODlh", "image/gif"],
  [undefined, "QUJD", undefined],
  [undefined, "UklGRiQAAABXRUJQVlA4", "image/webp"],
  [undefined, "UklGRiQAAABXQVZFZm10", undefined],
  ["image/png", "JVBERi0xLjc", "image/png"],
])("said %p, bytes %p: %p", (said, data, type) => {
  expect(imageType(said, data)).toBe(type as never);
});
