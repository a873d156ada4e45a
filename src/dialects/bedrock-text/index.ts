import type { Dialect } from "../../canonical/dialect.ts";
import { createStreamDecoder } from "./decode-stream.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { encodeRequest, relayPath } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { embeddings } from "./embeddings/index.ts";
import { createStreamEncoder } from "./encode-stream.ts";
import { decodeError, encodeError } from "./errors.ts";
import { DIALECT } from "./wire.ts";

/**
 * The bodies of text models at Amazon Bedrock, as InvokeModel takes them: Titan, Llama, Mistral, Command and Command R.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
 */
export const bedrockText: Dialect = {
  name: DIALECT,
  framing: "sse",
  answersInText: true,
  streamContentType: "text/event-stream",
  decodeRequest,
  encodeResponse,
  createStreamEncoder,
  encodeRequest,
  relayPath,
  modelInBody: false,
  decodeResponse,
  createStreamDecoder,
  encodeError,
  decodeError,
  tasks: { embeddings },
};
