import type { TaskCodec } from "../../../canonical/task.ts";
import type { EmbeddingsAnswer, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { weighEmbeddings } from "../../../canonical/tasks/weigh-embeddings.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";

/** `POST /embeddings`: https://platform.openai.com/docs/api-reference/embeddings/create */
export const embeddings: TaskCodec<EmbeddingsRequest, EmbeddingsAnswer> = {
  decodeRequest,
  weigh: weighEmbeddings,
  encodeRequest,
  relayPath: () => "/embeddings",
  modelInBody: true,
  decodeResponse,
  encodeResponse,
};
