import type { Dialect } from "../../canonical/dialect.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { createStreamDecoder } from "./decode-stream.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { createStreamEncoder } from "./encode-stream.ts";
import { decodeError, encodeError } from "./errors.ts";
import { cohereTasks } from "./tasks.ts";
import { CHAT_PATH, DIALECT } from "./wire.ts";

/** The second version of Cohere's API: chat, and its relatives as tasks (https://docs.cohere.com/reference/chat). */
export const cohere: Dialect = {
  name: DIALECT,
  decodeRequest,
  encodeResponse,
  createStreamEncoder,
  framing: "sse",
  answersInText: true,
  streamContentType: "text/event-stream; charset=utf-8",
  encodeError,
  encodeRequest,
  relayPath: () => CHAT_PATH,
  modelInBody: true,
  decodeResponse,
  createStreamDecoder,
  decodeError,
  tasks: cohereTasks,
};
