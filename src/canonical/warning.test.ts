import { expect, test } from "bun:test";
import { addWarning, MOST_WARNINGS, type Warning } from "./warning.ts";

test("the last place tells that there were more", () => {
  const warnings: Warning[] = [];
  for (let at = 0; at < 1000; at += 1)
    addWarning(warnings, { code: "dropped_content", field: `items[${at}]`, message: "m" });
  expect(warnings).toHaveLength(MOST_WARNINGS);
  expect(warnings.at(-2)?.field).toBe(`items[${MOST_WARNINGS - 2}]`);
  expect(warnings.at(-1)).toMatchObject({ code: "dropped_content", field: "further fields" });
});
