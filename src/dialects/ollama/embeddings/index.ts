import type { TaskCodec } from "../../../canonical/task.ts";
import { weighEmbeddings } from "../../../canonical/tasks/weigh-embeddings.ts";
import type { EmbeddingsAnswer, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { decodeResponse, encodeResponse } from "./answers.ts";
import { decodeRequest } from "./decode-request.ts";
import { EMBED_PATH, encodeRequest } from "./encode-request.ts";

/** `POST /api/embed` and `POST /api/embeddings`: https://docs.ollama.com/api/embed */
export const embeddings: TaskCodec<EmbeddingsRequest, EmbeddingsAnswer> = {
  decodeRequest,
  weigh: weighEmbeddings,
  encodeRequest,
  relayPath: () => EMBED_PATH,
  modelInBody: true,
  decodeResponse,
  encodeResponse,
};
