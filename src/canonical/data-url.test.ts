import { expect, test } from "bun:test";
import { inlineData } from "./data-url.ts";

test.each([
  ["data:image/png;base64,AAAA", { data: "AAAA", mediaType: "image/png" }],
  ["data:text/plain;charset=utf-8;base64,AA,A", { data: "AA,A", mediaType: "text/plain" }],
  ["data:;base64,AAAA", { data: "AAAA" }],
  ["data:image/png;base64,", { data: "", mediaType: "image/png" }],
  ["data:image/png,AAAA", undefined],
  ["data:base64,AAAA", undefined],
  ["data:image/png;base64", undefined],
  ["https://e.example/a;base64,AAAA", undefined],
  ["", undefined],
  [`data:${"a".repeat(3_000_000)}`, undefined],
  [`data:${";base64".repeat(500_000)}`, undefined],
])("%#", (url, found) => {
  expect(inlineData(url)).toEqual(found);
});
