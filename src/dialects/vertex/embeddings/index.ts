import type { TaskCodec } from "../../../canonical/task.ts";
import { weighEmbeddings } from "../../../canonical/tasks/weigh-embeddings.ts";
import type { EmbeddingsAnswer, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { predictPath } from "./wire.ts";

/**
 * `models/{model}:predict`: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api;
 * towards providers also `embedContent`, see `ProviderFlags`.
 */
export const embeddings: TaskCodec<EmbeddingsRequest, EmbeddingsAnswer> = {
  decodeRequest,
  weigh: weighEmbeddings,
  encodeRequest,
  relayPath: predictPath,
  modelInBody: false,
  decodeResponse,
  encodeResponse,
};
