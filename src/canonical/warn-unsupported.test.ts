import { expect, test } from "bun:test";
import type { Extensions } from "./content.ts";
import { warnLeftOut } from "./left-out.ts";
import { warnForeign } from "./warn-unsupported.ts";
import type { Warning } from "./warning.ts";

const extensions: Extensions = {
  "ai-gateway": { seed: 7, language: null, providerOptions: { gateway: { sort: "cost" }, fal: { x: 1 } } },
  openai: { input_type: "query", style: "vivid" },
};

test("of fields that only others know, those are named whose sense is lost", () => {
  const warnings: Warning[] = [];
  warnForeign(warnings, extensions, "fal");
  expect(warnings.map(({ field }) => field)).toEqual(["seed", "providerOptions.fal", "style"]);
  const ofNothing: Warning[] = [];
  warnForeign(ofNothing, { "ai-gateway": { providerOptions: {} } }, "fal");
  expect(ofNothing).toEqual([]);
});

test("fields of the request itself that are set come first", () => {
  const warnings: Warning[] = [];
  warnLeftOut(warnings, { extensions }, "ai-gateway", [
    ["title", true],
    ["truncate", false],
  ]);
  expect(warnings.map(({ field }) => field)).toEqual(["title", "style"]);
});
