import type { Dialect } from "../../canonical/dialect.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse, summarizeResponse } from "./decode-response.ts";
import { createStreamDecoder } from "./decode-stream.ts";
import { CHAT_PATH, encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { createStreamEncoder } from "./encode-stream.ts";
import { decodeError, encodeError } from "./errors.ts";
import { streamUsage } from "./stream-usage.ts";
import { wantsWholeCalls } from "./whole-calls.ts";
import { CHAT } from "./wire.ts";

export { faultToError } from "./errors.ts";
export { decodeUsage, encodeUsage } from "./usage.ts";

/** OpenAI chat completions, and what dozens of hosts made of them: `POST /chat/completions`. */
export const openaiChat: Dialect = {
  name: CHAT,
  decodeRequest,
  encodeResponse,
  createStreamEncoder,
  framing: "sse",
  streamContentType: "text/event-stream",
  encodeError,
  encodeRequest,
  relayPath: () => CHAT_PATH,
  modelInBody: true,
  decodeResponse,
  summarizeResponse,
  createStreamDecoder,
  decodeError,
  streamUsage,
  wantsWholeCalls,
};
