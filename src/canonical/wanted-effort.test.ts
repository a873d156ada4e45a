import { expect, test } from "bun:test";
import type { ReasoningOptions } from "./request.ts";
import { wantedEffort } from "./wanted-effort.ts";
import type { Warning } from "./warning.ts";

test.each<[ReasoningOptions, string | undefined, string[]]>([
  [{}, undefined, []],
  [{ effort: "low" }, "low", []],
  [{ budgetTokens: -1 }, undefined, []],
  [{ budgetTokens: 0 }, "none", ["changed_field"]],
  [{ budgetTokens: 4096 }, "low", ["changed_field"]],
  [{ budgetTokens: 100_000 }, "high", ["changed_field"]],
  [{ effort: "low", budgetTokens: 8000 }, "low", ["unsupported_field"]],
  [{ effort: "none", budgetTokens: 0 }, "none", []],
])("%j: effort %p", (options, effort, codes) => {
  const warnings: Warning[] = [];
  expect(wantedEffort(options, warnings)).toBe(effort as never);
  expect(warnings.map(({ code }) => code)).toEqual(codes as never);
  expect(warnings.every(({ field }) => field === "thinking.budget_tokens")).toBe(true);
});
