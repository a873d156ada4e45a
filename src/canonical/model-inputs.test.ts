import { expect, test } from "bun:test";
import { modelInputs } from "./model-inputs.ts";
import type { Warning } from "./warning.ts";

test("further fields of a client are inputs of the model; those of OpenAI alone, and of others, are not", () => {
  const warnings: Warning[] = [];
  const extensions = { openai: { seed: 5, moderation: "low" }, fal: { guidance_scale: 3 }, stability: { seed: 6 } };
  expect(modelInputs({ "ai-gateway": { seed: 9, providerOptions: {} } }, "fal", [])).toEqual({ seed: 9 });
  expect(modelInputs(extensions, "fal", warnings)).toEqual({ guidance_scale: 3, seed: 5 });
  expect(warnings.map(({ field }) => field)).toEqual(["seed", "moderation"]);
});
