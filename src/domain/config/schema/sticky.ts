import { z } from "zod";
import { STICKY_MODES } from "../../../canonical/names.ts";
import { integer } from "./scalars.ts";

const mode = z.enum(STICKY_MODES);

/** Of an alias or rule. */
export const groupSticky = mode
  .optional()
  .describe("Whether turns of a session stay at one target: auto, on or off; absent: as `routing.sticky` says.");

const settings = z.strictObject({
  mode: mode.default("auto").describe("For all aliases and rules that do not say otherwise."),
  ttl_seconds: integer(1, 86_400)
    .default(300)
    .describe("How long a provider's prompt cache is taken to stay warm after a turn that does not say for how long."),
  switch_factor: z
    .number()
    .min(1)
    .max(1000)
    .default(2)
    .describe("How many times better by its policy another target must be for a session to leave a warm cache."),
});

const shortForm = mode.transform((value): z.output<typeof settings> => ({
  mode: value,
  ttl_seconds: 300,
  switch_factor: 2,
}));

/** Sticky sessions. A mode alone is short for it with the defaults. */
export const stickySchema = z
  .union([shortForm, settings])
  .prefault("auto")
  .describe(
    "Whether turns of a session stay where its prompt cache is warm. The routing guide says what a session is.",
  );
