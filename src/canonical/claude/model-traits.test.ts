import { describe, expect, test } from "bun:test";
import { modelTraits } from "./model-traits.ts";

describe("modelTraits", () => {
  const rows: [
    string,
    ReturnType<typeof modelTraits>["thinking"],
    ReturnType<typeof modelTraits>["off"],
    boolean,
    boolean,
  ][] = [
    // id, thinking, off, forced tools, sampling
    ["claude-2.1", "none", "omit", true, true],
    ["anthropic.claude-instant-v1", "none", "omit", true, true],
    ["anthropic.claude-v2:1", "none", "omit", true, true],
    ["claude-3-5-haiku-20241022", "none", "omit", true, true],
    ["us.anthropic.claude-3-7-sonnet-20250219-v1:0", "budget", "omit", true, true],
    ["claude-sonnet-4@20250514", "budget", "omit", true, true],
    ["claude-opus-4-1-20250805", "budget", "omit", true, true],
    ["anthropic/claude-sonnet-4.5", "budget", "omit", true, true],
    ["us.anthropic.claude-haiku-4-5-20251001-v1:0", "budget", "omit", true, true],
    ["us.anthropic.claude-opus-4-6-v1", "both", "omit", true, true],
    ["claude-4.6-sonnet", "both", "omit", true, true],
    ["claude-opus-4-7", "adaptive", "omit", true, false],
    ["claude-opus-5", "adaptive", "disabled", true, false],
    ["claude-sonnet-5", "adaptive", "disabled", true, false],
    ["claude-haiku-5-5", "adaptive", "disabled", true, false],
    ["claude-sonnet-5-5", "adaptive", "between_tools", false, false],
    ["claude-opus-5-5", "adaptive", "never", false, false],
    ["claude-fable-5", "adaptive", "never", true, false],
    ["claude-fable-5-1", "adaptive", "never", false, false],
    ["claude-mythos-preview", "adaptive", "never", true, false],
    ["claude-mythos-5-1", "adaptive", "never", false, false],
    ["claude-future-9", "adaptive", "disabled", true, false],
    ["deepseek-chat", "budget", "omit", true, true],
  ];
  for (const [id, thinking, off, forcedTools, sampling] of rows) {
    test(id, () => {
      expect(modelTraits(id)).toMatchObject({ thinking, off, forcedTools, sampling });
    });
  }
});
