import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import type { CallRequest } from "../../canonical/task.ts";
import { weighRequest } from "../../domain/ledger/estimate.ts";
import type { RequestContext, SocketArrival, Stage } from "../context.ts";
import { refuseLoss } from "../strict.ts";
import { takeIntent } from "../take-intent.ts";

/** As in the config. */
const MAX_NAME = 512;

/** Reads the client's dialect into the canonical request. */
export const decode: Stage = {
  name: "decode",
  readsBody: true,
  admit(context: RequestContext): void {
    const json = takeIntent(context);
    const request = decodeCall(context, json);
    checkLength("model", request.model);
    context.request = request;
    for (const warning of request.warnings) context.warnings.push(warning);
    if (context.intent?.isStrict === true) refuseLoss(context.warnings, 0);
  },
};

function decodeCall(context: RequestContext, json: JsonObject): CallRequest {
  const { socket, task } = context.arrival;
  if (socket !== null) return decodeSession(context, socket, json);
  return task === null ? decodeChat(context, json) : decodeTask(context, json);
}

/** Input that a session's first answer is taken to have; later ones go by what was reported. */
const FIRST_INPUT_TOKENS = 2048;

function decodeSession(context: RequestContext, { codec, query }: SocketArrival, first: JsonObject): CallRequest {
  const model = codec.modelOf(query, first);
  if (model === undefined || model === "") {
    const place = codec.modelIn === "query" ? "the query (?model=…)" : "the first message";
    throw new GatewayError("invalid_request", `${place} must name a model`, { param: "model" });
  }
  context.size = {
    inputTokens: FIRST_INPUT_TOKENS,
    outputTokens: null,
    hasMedia: true,
    hasImages: false,
    isAudio: true,
  };
  return { model, stream: true, warnings: [] };
}

function decodeChat(context: RequestContext, body: JsonObject): ChatRequest {
  const { pathModel, pathStream, bodyLength, headers } = context.arrival;
  const path = pathModel === null ? {} : { pathModel, pathStream };
  const request = context.chatDialect.decodeRequest({ body, headers, ...path });
  context.chatRequest = request;
  context.size = weighRequest(request, bodyLength);
  return request;
}

function decodeTask(context: RequestContext, body: JsonObject): CallRequest {
  const { pathModel, pathJob, headers, body: raw } = context.arrival;
  const { task } = context;
  const path = { ...(pathModel !== null && { pathModel }), ...(pathJob !== null && { pathJob }) };
  const request = task.decodeRequest({ body, headers, form: raw.form, ...path });
  context.size = { hasMedia: false, ...task.weigh(request) };
  return request;
}

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
