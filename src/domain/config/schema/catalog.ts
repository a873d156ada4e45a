import { z } from "zod";
import { integer } from "./scalars.ts";

/** Where newer model facts come from. */
export const catalogSchema = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe(
        "A data sheet in the form of LiteLLM's model_prices_and_context_window.json; its prices stand above those that come with the program.",
      ),
    file: z.string().min(1).optional().describe("The same as a file, in place of `url`."),
    refresh_hours: integer(1, 720)
      .default(24)
      .describe("How often it is read again; also on POST /api/models/refresh."),
  })
  .refine(({ url, file }) => url === undefined || file === undefined, { message: "takes url or file, not both" });
