import { objectFrom } from "../../canonical/json.ts";

/**
 * The one argument of a free-text tool. Gemini has functions only, so a custom tool goes out as a function that takes
 * this string, and a call with exactly this argument comes back as a custom call.
 */
export const CUSTOM_ARGUMENT = "tl_custom_input";

/** The free text of a call's JSON arguments, or undefined when it is a call of an ordinary function. */
export function customInput(json: string): string | undefined {
  if (!json.startsWith(`{"${CUSTOM_ARGUMENT}"`)) return undefined;
  const args = objectFrom(json);
  if (args === undefined || Object.keys(args).length !== 1) return undefined;
  const input = args[CUSTOM_ARGUMENT];
  return typeof input === "string" ? input : undefined;
}
