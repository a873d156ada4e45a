import type { Dialect } from "../../canonical/dialect.ts";
import { countTokens } from "./count-tokens.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { createStreamDecoder } from "./decode-stream.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { createJsonArrayEncoder, createStreamEncoder } from "./encode-stream.ts";
import { decodeError, encodeError } from "./errors.ts";
import { generatePath } from "./paths.ts";
import { geminiTasks } from "./tasks/index.ts";

export { createJsonArrayEncoder } from "./encode-stream.ts";
export { live } from "./live.ts";
export { retryDelayMs } from "./errors.ts";

/** The Gemini API, `generateContent` and its relatives (https://ai.google.dev/api/generate-content). */
export const gemini: Dialect = {
  name: "gemini",
  decodeRequest,
  encodeResponse,
  createStreamEncoder,
  createArrayEncoder: createJsonArrayEncoder,
  framing: "sse",
  streamContentType: "text/event-stream",
  // @google/generative-ai, which LangChain has, matches `data:` at the start of what is left of the stream (dist/index.mjs, responseLineRE).
  refusesComments: true,
  encodeError,
  encodeRequest,
  relayPath: generatePath,
  modelInBody: false,
  decodeResponse,
  createStreamDecoder,
  decodeError,
  countTokens,
  tasks: geminiTasks,
};
