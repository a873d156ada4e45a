import { z } from "zod";
import { POLICY_NAMES } from "../../../canonical/names.ts";
import { modelText, nameText, providerName, weight } from "./scalars.ts";

/** A place to send a call to. */
export const targetSchema = z.strictObject({
  provider: providerName.optional().describe("Provider; when absent, the one asked for or the one that has the model."),
  model: modelText
    .optional()
    .describe("Model; when absent, the one asked for. Without a provider it may also be an alias or provider/model."),
  key: nameText.optional().describe("Name of the provider key to use; any that fits when absent."),
  weight: weight.describe("Share of the calls among the targets."),
});

/** Model strings to try in order when every target failed. */
export const fallbacks = z.array(modelText).default([]);

/** How the target that is tried first is chosen. */
export const policy = z
  .enum(POLICY_NAMES)
  .default("weighted")
  .describe("How the first target is chosen; the others are tried after it. The routing guide says what each does.");
