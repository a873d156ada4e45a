import { expect, test } from "bun:test";
import { endOfLastEvent } from "./sse-event-end.ts";

test.each([
  ["", 0],
  ["data: a", 0],
  ["data: a\n", 0],
  ["data: a\n\n", 9],
  ["data: a\n\ndata: b", 9],
  ["data: a\n\ndata: b\n", 9],
  ["data: a\n\ndata: b\n\n", 18],
  ["data: a\r\n\r\ndata: b", 11],
  ["data: a\r\n", 0],
  ["data: a\r\rdata: b", 9],
  ["data: a\n\r\ndata: b", 10],
  ["\ndata: b", 1],
  ["\r\n\r\ndata: b", 4],
  ["\n", 1],
])("%j ends at %i", (text, end) => {
  expect(endOfLastEvent(Buffer.from(text))).toBe(end);
});
