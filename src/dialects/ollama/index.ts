import type { Dialect } from "../../canonical/dialect.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { createStreamDecoder } from "./decode-stream.ts";
import { embeddings } from "./embeddings/index.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { createStreamEncoder } from "./encode-stream.ts";
import { decodeError, encodeError } from "./errors.ts";
import { CHAT_PATH, OLLAMA } from "./wire.ts";

/** Ollama's own API: `/api/chat`, `/api/generate`, `/api/embed` and `/api/embeddings` (https://docs.ollama.com/api). */
export const ollama: Dialect = {
  name: OLLAMA,
  framing: "ndjson",
  streamContentType: "application/x-ndjson",
  decodeRequest,
  encodeResponse,
  createStreamEncoder,
  encodeError,
  encodeRequest,
  relayPath: () => CHAT_PATH,
  modelInBody: true,
  decodeResponse,
  createStreamDecoder,
  decodeError,
  tasks: { embeddings },
};
