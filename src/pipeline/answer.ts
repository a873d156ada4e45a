import type { ErrorCodec } from "../canonical/dialect.ts";
import type { GatewayError } from "../canonical/errors.ts";
import type { Json } from "../canonical/json.ts";
import { protocolFailure, statusFailure } from "../domain/attempt/failure.ts";
import { nestsTooDeep } from "../lib/json-depth.ts";
import { retryAfterMs } from "../domain/attempt/backoff.ts";
import type { WholeAnswer } from "./upstream.ts";

const MAX_FAULT_TEXT = 2000;

/** The failure that an answer with an error status stands for. */
export function faultOf(provider: string, errors: ErrorCodec, answer: WholeAnswer, now: number): GatewayError {
  const text = answer.body.toString("utf8");
  const fault = errors.decodeError(answer.status, parseOrText(text), answer.headers);
  const retry = retryAfterMs((name) => answer.headers.get(name), now);
  return statusFailure(provider, fault, retry);
}

/** Parses an answer that must be JSON; throws `provider_protocol_error` with what it was instead. */
export function parseAnswer(provider: string, answer: WholeAnswer): Json {
  const text = answer.body.toString("utf8");
  if (nestsTooDeep(text)) throw protocolFailure(provider, "its answer nests too deep");
  try {
    return JSON.parse(text);
  } catch {
    const type = answer.headers.get("content-type") ?? "no content type";
    throw protocolFailure(provider, text === "" ? "its answer was empty" : `its answer was not JSON (${type})`);
  }
}

function parseOrText(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, MAX_FAULT_TEXT);
  }
}
