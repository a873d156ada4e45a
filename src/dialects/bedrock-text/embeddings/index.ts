import type { TaskCodec } from "../../../canonical/task.ts";
import { weighEmbeddings } from "../../../canonical/tasks/weigh-embeddings.ts";
import type { EmbeddingsAnswer, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { relayPath } from "../encode-request.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";

/** Titan Embed (text 1 and 2, multimodal) and Cohere Embed (3 and 4) as InvokeModel takes them. */
export const embeddings: TaskCodec<EmbeddingsRequest, EmbeddingsAnswer> = {
  decodeRequest,
  weigh: weighEmbeddings,
  encodeRequest,
  relayPath: (model) => relayPath(model, false),
  modelInBody: false,
  decodeResponse,
  encodeResponse,
};
