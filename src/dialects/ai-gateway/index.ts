import type { Dialect } from "../../canonical/dialect.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { createStreamDecoder } from "./decode-stream.ts";
import { encodeRequest, modelHeaders } from "./encode-request.ts";
import { clientVersion, encodeResponse } from "./encode-response.ts";
import { createStreamEncoder } from "./encode-stream.ts";
import { decodeError, encodeError } from "./errors.ts";
import { tasks } from "./tasks/index.ts";
import { AI_GATEWAY, CHAT_PATH, MAKERS } from "./wire.ts";

/**
 * The protocol of the AI SDK's own gateway provider: a language model's call options and stream parts as JSON
 * (@ai-sdk/gateway 2.0 to 4.0; https://vercel.com/docs/ai-gateway).
 */
export const aiGateway: Dialect = {
  name: AI_GATEWAY,
  framing: "sse",
  streamContentType: "text/event-stream",
  decodeRequest,
  encodeResponse,
  createStreamEncoder,
  encodeError,
  encodeRequest,
  relayPath: () => CHAT_PATH,
  relayHeaders: (model, request) => modelHeaders(model, request.stream, clientVersion(request)),
  modelInBody: false,
  makers: MAKERS,
  hasProviderOptions: true,
  decodeResponse,
  createStreamDecoder,
  decodeError,
  tasks,
};
