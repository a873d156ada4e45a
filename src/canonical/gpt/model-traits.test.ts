import { expect, test } from "bun:test";
import { gptTraits, reasonsAt } from "./model-traits.ts";

test.each([
  ["gpt-4o", ""],
  ["openai/gpt-4.1-mini", ""],
  ["ft:gpt-4o-mini-2024-07-18:acme::x", ""],
  ["gpt-5-chat-latest", ""],
  ["o3", "low medium high"],
  ["o4-mini-2025-04-16", "low medium high"],
  ["gpt-5", "minimal low medium high"],
  ["gpt-5-mini-2025-08-07", "minimal low medium high"],
  ["gpt-5-pro", "high"],
  ["gpt-5-codex", "low medium high"],
  ["gpt-5.1", "none low medium high"],
  ["gpt-5.1-codex-max", "low medium high xhigh"],
  ["gpt-5.2-pro", "medium high xhigh"],
  ["gpt-5.4-nano", "none low medium high xhigh"],
  ["gpt-5.6-luna", "none low medium high xhigh max"],
  ["openai/gpt-6-sol", "none low medium high xhigh max"],
])("%s takes the efforts %p", (model, efforts) => {
  expect(gptTraits(model)).toMatchObject({ reasons: efforts !== "", efforts: efforts.split(" ").filter(Boolean) });
});

test.each(["m", "gpt-oss-120b", "gpt-5.1-chat-latest", "claude-sonnet-4-5", "my-gpt-4o", "o1x", "omni"])(
  "nothing is known of %s",
  (model) => expect(gptTraits(model)).toBeUndefined(),
);

test.each([
  ["gpt-4o", undefined, false],
  ["gpt-4o", "high", false],
  ["gpt-5", undefined, true],
  ["gpt-5", "minimal", true],
  ["gpt-5.1", undefined, false],
  ["gpt-5.1", "low", true],
  ["gpt-5.1-codex", undefined, true],
  ["gpt-6-luna", undefined, true],
  ["gpt-6-luna", "none", false],
] as const)("%s with effort %p reasons: %p", (model, effort, reasons) => {
  const traits = gptTraits(model);
  expect(traits === undefined ? null : reasonsAt(traits, effort)).toBe(reasons);
});
