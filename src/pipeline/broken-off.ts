import { GatewayError } from "../canonical/errors.ts";
import type { ChatResponse } from "../canonical/response.ts";

/**
 * The failure that an answer stands for which its provider broke off before it had content (Gemini's
 * `MALFORMED_FUNCTION_CALL`): it may go well the next time, and clients would take it for an answer that happens to be empty.
 */
export function brokenOff(provider: string, word: string | undefined): GatewayError {
  const said = word === undefined ? "" : ` (${word})`;
  return new GatewayError("upstream_error", `provider ${provider} broke its answer off before it had content${said}`);
}

/** Throws that failure when a whole answer is one. */
export function checkBrokenOff(provider: string, { candidates }: ChatResponse): void {
  const [first] = candidates;
  if (first === undefined || candidates.some(({ finishReason, items }) => finishReason !== "error" || items.length > 0))
    return;
  throw brokenOff(provider, first.rawFinishReason);
}
