import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { weighRequest } from "../../domain/ledger/estimate.ts";
import type { RequestContext, Stage } from "../context.ts";

const MAX_FALLBACKS = 16;
/** As in the config. */
const MAX_NAME = 512;

/** Reads the client's dialect into the canonical request. */
export const decode: Stage = {
  name: "decode",
  readsBody: true,
  admit(context: RequestContext): void {
    const { arrival } = context;
    const { dialect, body, pathModel, pathStream } = arrival;
    const path = pathModel === null ? {} : { pathModel, pathStream };
    context.ownFallbacks = fallbacksOf(body.json);
    const json = context.ownFallbacks === null ? body.json : withoutFallbacks(body.json);
    const request = dialect.decodeRequest({ body: json, ...path });
    checkLength("model", request.model);
    context.request = request;
    for (const warning of request.warnings) context.warnings.push(warning);
    context.size = weighRequest(request.items, arrival.bodyLength);
  },
};

/** Names go into the trace, the record and the provider's path. */
function checkLength(param: string, name: string): void {
  if (name.length <= MAX_NAME) return;
  throw new GatewayError(
    "invalid_request",
    `${param}: a name of ${name.length} characters, at most ${MAX_NAME} are taken`,
    {
      param,
    },
  );
}

/** The gateway's own body field `fallbacks`: model strings to try when the first choice fails. Other forms are the provider's. */
function fallbacksOf(body: JsonObject): string[] | null {
  const { fallbacks } = body;
  if (!Array.isArray(fallbacks)) return null;
  const names = fallbacks.filter((name) => typeof name === "string");
  if (names.length !== fallbacks.length || names.length === 0) return null;
  if (names.length > MAX_FALLBACKS) {
    throw new GatewayError("invalid_request", `fallbacks: at most ${MAX_FALLBACKS} are tried, got ${names.length}`, {
      param: "fallbacks",
    });
  }
  for (const [at, name] of names.entries()) checkLength(`fallbacks[${at}]`, name);
  return names;
}

function withoutFallbacks(body: JsonObject): JsonObject {
  const { fallbacks: _, ...rest } = body;
  return rest;
}
