import type { Dialect } from "../../canonical/dialect.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { createStreamDecoder } from "./decode-stream.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { createStreamEncoder } from "./encode-stream.ts";
import type { OpenaiForms } from "./openai-forms.ts";
import { streamUsage } from "./stream-usage.ts";
import { COMPLETIONS, COMPLETIONS_PATH } from "./wire.ts";

/** OpenAI's legacy completions (https://platform.openai.com/docs/api-reference/completions), with the forms of its chat. */
export function openaiCompletionsWith(forms: OpenaiForms): Dialect {
  return {
    name: COMPLETIONS,
    framing: "sse",
    answersInText: true,
    streamContentType: "text/event-stream",
    decodeRequest,
    encodeResponse: (response, reply) => encodeResponse(response, reply, forms),
    createStreamEncoder: (reply) => createStreamEncoder(reply, forms),
    encodeRequest,
    relayPath: () => COMPLETIONS_PATH,
    modelInBody: true,
    decodeResponse: (body) => decodeResponse(body, forms),
    createStreamDecoder: () => createStreamDecoder(forms),
    encodeError: (error) => forms.encodeError(error),
    decodeError: (status, body) => forms.decodeError(status, body),
    streamUsage,
  };
}
