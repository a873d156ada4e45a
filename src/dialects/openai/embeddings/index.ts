import type { TaskCodec } from "../../../canonical/task.ts";
import type { EmbeddingsAnswer, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { decodeRequest, weigh } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";

/** `POST /embeddings`: https://platform.openai.com/docs/api-reference/embeddings/create */
export const embeddings: TaskCodec<EmbeddingsRequest, EmbeddingsAnswer> = {
  decodeRequest,
  weigh,
  encodeRequest,
  relayPath: () => "/embeddings",
  modelInBody: true,
  decodeResponse,
  encodeResponse,
};
