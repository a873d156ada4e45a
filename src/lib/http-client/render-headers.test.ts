import { describe, expect, test } from "bun:test";
import { renderHeaders } from "./render-headers.ts";

describe("renderHeaders", () => {
  test("a line each", () => {
    expect(renderHeaders({ accept: "*/*", "X-Tab": "a\tb", empty: "" })).toBe(
      "accept: */*\r\nX-Tab: a\tb\r\nempty: \r\n",
    );
    expect(renderHeaders({})).toBe("");
  });
  test("Latin-1 stays", () => {
    expect(renderHeaders({ "x-name": "Müller ÿ" })).toBe("x-name: Müller ÿ\r\n");
  });
  test.each(["a\r\nb: c", "a\nb", "a\rb", "a\0b", "\x07", "\x7f", "日本", "a\u0100", "\u2028"])(
    "refuses the value %j",
    (value) => {
      expect(() => renderHeaders({ "x-bad": value })).toThrow(/header "x-bad"/);
    },
  );
  test("an error never shows the value", () => {
    expect(() => renderHeaders({ authorization: "Bearer s3cret\n" })).toThrow(/^(?!.*s3cret)/);
  });
  test.each(["", " ", "a b", "a:", "a\r\n", "ä", "a\0", "(a)"])("refuses the name %j", (name) => {
    expect(() => renderHeaders({ [name]: "x" })).toThrow("not a token");
  });
  test.each(["host", "Content-Length", "CONNECTION", "transfer-encoding", "expect", "te", "upgrade", "trailer"])(
    "refuses %s",
    (name) => {
      expect(() => renderHeaders({ [name]: "x" })).toThrow("set by the HTTP client");
    },
  );
  test("a prototype's names are nothing special", () => {
    expect(renderHeaders(JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>)).toBe(
      "__proto__: a\r\nconstructor: b\r\n",
    );
  });
});
