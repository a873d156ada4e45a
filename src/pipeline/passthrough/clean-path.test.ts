import { describe, expect, test } from "bun:test";
import { cleanPath, cleanQuery } from "./clean-path.ts";

describe("a path that passes through", () => {
  test.each([
    "/models",
    "/files/a%20b",
    "/a.b/..c/...",
    "/models/x:generateContent",
    "/",
    "/a/%E2%82%AC",
    "/~x/@y;z=1",
  ])("%s", (path) => {
    expect(cleanPath(path)).toBe(path);
  });

  test("braces and hashes are encoded, for they mean something here", () => {
    expect(cleanPath("/a/{account}#x")).toBe("/a/%7Baccount%7D%23x");
  });

  const refused = [
    "",
    "models",
    "//x",
    "/a//b",
    "/..",
    "/a/../b",
    "/a/.",
    "/%2e%2e/x",
    "/.%2e/x",
    "/%2E./x",
    "/..;a=b/x",
    "/a%2fb",
    "/a%2Fb",
    "/a%5cb",
    "/a\\b",
    "/a%00",
    "/%252e%252e/x",
    "/a%252fb",
    "/a b",
    "/a\r\nx: y",
    "/a\u00e9",
  ];
  test.each(refused)("refused: %j", (path) => {
    expect(() => cleanPath(path)).toThrow("the path holds");
  });
});

describe("a query that passes through", () => {
  test("is what was written", () => {
    expect(cleanQuery("a=1&b=%20x&c&a=2&=z", [])).toBe("a=1&b=%20x&c&a=2&=z");
  });

  test("without virtual keys, however they are written, and without the provider's own field", () => {
    expect(cleanQuery("key=x&KEY=y&a=sk-tl-1&b=%73k-tl-2&sk-tl-3&c=1", ["key"])).toBe("c=1");
  });

  test("with characters that need encoding is refused", () => {
    expect(() => cleanQuery("a=b c", [])).toThrow("percent-encoded");
  });
});
