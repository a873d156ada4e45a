import { expect, test } from "bun:test";
import { fitOutput } from "./fit-output.ts";
import type { ChatRequest } from "./request.ts";
import type { Warning } from "./warning.ts";

const request = (maxOutputTokens?: number): ChatRequest => ({
  model: "m",
  stream: false,
  items: [],
  tools: [],
  extensions: {},
  warnings: [],
  ...(maxOutputTokens !== undefined && { maxOutputTokens }),
});

test.each([
  [32_000, 16_384, 16_384, 1],
  [100, 16_384, 100, 0],
  [32_000, undefined, 32_000, 0],
  [undefined, 16_384, undefined, 0],
])("of %p asked for and %p possible %p are sent", (wanted, limit, sent, warned) => {
  const warnings: Warning[] = [];
  const target = { model: "m", flags: {}, warnings, ...(limit !== undefined && { maxOutputTokens: limit }) };
  expect(fitOutput(request(wanted), target)).toBe(sent as never);
  expect(warnings).toHaveLength(warned);
});
