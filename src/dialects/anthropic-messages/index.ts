import type { Dialect } from "../../canonical/dialect.ts";
import { modelTraits } from "../../canonical/claude/model-traits.ts";
import { countTokens } from "./count-tokens.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse, summarizeResponse } from "./decode-response.ts";
import { createStreamDecoder } from "./decode-stream.ts";
import { encodeRequest, MESSAGES_PATH } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { createStreamEncoder } from "./encode-stream.ts";
import { decodeError, encodeError } from "./errors.ts";
import { DIALECT } from "./wire.ts";

/** The Messages API of Anthropic (`POST /messages`), and of the hosts and servers that speak it. */
export const anthropicMessages: Dialect = {
  name: DIALECT,
  decodeRequest,
  encodeResponse,
  createStreamEncoder,
  framing: "sse",
  answersInText: true,
  streamContentType: "text/event-stream; charset=utf-8",
  encodeError,
  encodeRequest,
  relayPath: () => MESSAGES_PATH,
  refusesUnsignedThoughts: (model) => modelTraits(model).claude,
  refusesUnsafeCallIds: (model) => modelTraits(model).claude,
  modelInBody: true,
  decodeResponse,
  summarizeResponse,
  createStreamDecoder,
  decodeError,
  countTokens,
};
