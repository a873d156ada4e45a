import type { JsonObject } from "../../canonical/json.ts";
import { numberOf, objectOf, textOf } from "./wire.ts";

/** Meanings of MiniMax's codes in OpenAI's words (platform.minimax.io/docs/api-reference/errorcode). */
const TYPES: Readonly<Record<number, string>> = {
  1001: "timeout",
  1002: "rate_limit_error",
  1004: "authentication_error",
  1008: "insufficient_balance",
  1024: "server_error",
  1026: "content_filter",
  1027: "content_filter",
  1033: "server_error",
  1039: "rate_limit_error",
  1041: "rate_limit_error",
  1042: "invalid_request_error",
  2013: "invalid_request_error",
  2045: "rate_limit_error",
  2049: "invalid_api_key",
  2056: "rate_limit_error",
};

/**
 * The error that MiniMax puts beside an answer of status 200, `base_resp: {status_code, status_msg}`, in the shape of
 * OpenAI's; nothing when it reports success.
 */
export function readBaseResp(answer: JsonObject): JsonObject | undefined {
  const said = objectOf(answer["base_resp"]);
  const code = numberOf(said?.["status_code"]);
  if (said === undefined || code === undefined || code === 0) return undefined;
  return { message: textOf(said["status_msg"]) ?? `error ${code}`, type: TYPES[code] ?? "server_error", code };
}

/** True for an answer, or a chunk, that holds such an error in place of choices. */
export function isBaseFault(answer: JsonObject): boolean {
  const { choices } = answer;
  return (!Array.isArray(choices) || choices.length === 0) && readBaseResp(answer) !== undefined;
}
