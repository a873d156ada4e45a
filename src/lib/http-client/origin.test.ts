import { describe, expect, test } from "bun:test";
import { parseOrigin } from "./origin.ts";

describe("parseOrigin", () => {
  const cases: [string, string, number, string][] = [
    ["https://api.openai.com/v1", "api.openai.com", 443, "api.openai.com"],
    ["http://localhost", "localhost", 80, "localhost"],
    ["http://10.0.0.5:8000/v1?x#y", "10.0.0.5", 8000, "10.0.0.5:8000"],
    ["https://Example.COM:443", "example.com", 443, "example.com"],
    ["http://[::1]:8080/", "::1", 8080, "[::1]:8080"],
    ["https://[2001:db8::1]", "2001:db8::1", 443, "[2001:db8::1]"],
    ["https://bücher.example", "xn--bcher-kva.example", 443, "xn--bcher-kva.example"],
  ];
  for (const [url, hostname, port, host] of cases) {
    test(url, () => {
      expect(parseOrigin(url)).toMatchObject({ hostname, port, host });
    });
  }
  test("equal origins have equal keys, others do not", () => {
    expect(parseOrigin("https://a:443/x").key).toBe(parseOrigin("HTTPS://A/y").key);
    const keys = ["https://a", "http://a", "http://a:443", "https://b", "https://a:80"].map(
      (url) => parseOrigin(url).key,
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
  test.each([
    "",
    "api.openai.com",
    "/v1",
    "ftp://a",
    "file:///etc/passwd",
    "javascript:1",
    "http://u:p@a",
    "http://u@a",
    "http://:80",
  ])("refuses %p", (url) => {
    expect(() => parseOrigin(url)).toThrow(TypeError);
  });
  test("a refusal does not repeat the password", () => {
    expect(() => parseOrigin("http://user:hunter2@a")).toThrow(/^(?!.*hunter2)/);
  });
});
