import { expect, test } from "bun:test";
import { hint, suggest } from "./suggest.ts";

test("slips of one or two letters, swaps, case and separators are found", () => {
  const names = ["base_url", "dialect", "keys", "models", "network"];
  expect(suggest("baseUrl", names)).toBe("base_url");
  expect(suggest("dailect", names)).toBe("dialect");
  expect(suggest("key", names)).toBe("keys");
  expect(suggest("modesl", names)).toBe("models");
  expect(suggest("xyzzy", names)).toBeUndefined();
  expect(suggest("", names)).toBeUndefined();
  expect(suggest("a".repeat(100_000), names)).toBeUndefined();
});

test("without a near name the known ones are listed", () => {
  expect(hint("xyzzy", ["a", "b"])).toBe("known: a, b");
  expect(hint("xyzzy", [])).toBe("there is none yet");
});
