import type { Dialect } from "../../canonical/dialect.ts";
import { countTokens } from "./count-tokens.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse, summarizeResponse } from "./decode-response.ts";
import { createStreamDecoder } from "./decode-stream.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { createStreamEncoder } from "./encode-stream.ts";
import { decodeError, encodeError } from "./errors.ts";
import { isMadeUpThought } from "./made-up-id.ts";
import { DIALECT, RESPONSES_PATH } from "./wire.ts";

/** The OpenAI Responses API, `POST /responses`. */
export const openaiResponses: Dialect = {
  name: DIALECT,
  isMadeUp: isMadeUpThought,
  decodeRequest,
  encodeResponse,
  createStreamEncoder,
  framing: "sse",
  streamContentType: "text/event-stream",
  encodeError,
  encodeRequest,
  relayPath: () => RESPONSES_PATH,
  modelInBody: true,
  decodeResponse,
  summarizeResponse,
  createStreamDecoder,
  decodeError,
  countTokens,
};
