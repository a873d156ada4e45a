import type { Dialect } from "../../canonical/dialect.ts";
import { countTokens } from "./count-tokens.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { createStreamDecoder } from "./decode-stream.ts";
import { conversePath, encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { createStreamEncoder } from "./encode-stream.ts";
import { decodeError, encodeError } from "./errors.ts";
import { DIALECT, SIGNER } from "./wire.ts";

/**
 * The Converse API of Amazon Bedrock: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html.
 * Wire facts are those of its SDK's typings, `@aws-sdk/client-bedrock-runtime` 3.1164.
 */
export const bedrockConverse: Dialect = {
  name: DIALECT,
  decodeRequest,
  encodeResponse,
  createStreamEncoder,
  framing: "eventstream",
  makers: [DIALECT, SIGNER],
  streamContentType: "application/vnd.amazon.eventstream",
  encodeError,
  encodeRequest,
  relayPath: conversePath,
  modelInBody: false,
  decodeResponse,
  createStreamDecoder,
  decodeError,
  countTokens,
};
