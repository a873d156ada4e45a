import { expect, test } from "bun:test";
import { decodeCursor, encodeCursor } from "./cursor.ts";

test.each([
  { time: 0, id: "" },
  { time: 1_790_000_000_000.5, id: "req_π/+?&=" },
])("%j comes back, and is safe in a URL", (place) => {
  const cursor = encodeCursor(place);
  expect(cursor).toMatch(/^[\w-]+$/);
  expect(decodeCursor(cursor)).toEqual(place);
});

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

test.each([
  "",
  "x",
  "%%%",
  "é",
  encoded(null),
  encoded([1]),
  encoded(["1", "a"]),
  encoded([1, 2]),
  encoded({ time: 1, id: "a" }),
])("%p is no cursor", (cursor) => {
  expect(decodeCursor(cursor)).toBeNull();
});
