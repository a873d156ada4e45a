import type { TaskCodec } from "../../../canonical/task.ts";
import type { EmbeddingsAnswer, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { weighEmbeddings } from "../../../canonical/tasks/weigh-embeddings.ts";
import { decodeResponse, encodeResponse } from "./answer.ts";
import { bareName, decodeRequest, MODELS_KEY } from "./decode-request.ts";
import { embedPath, encodeRequest } from "./encode-request.ts";

/** `embedContent` and `batchEmbedContents`: https://ai.google.dev/api/embeddings */
export const embeddings: TaskCodec<EmbeddingsRequest, EmbeddingsAnswer> = {
  decodeRequest,
  weigh: weighEmbeddings,
  encodeRequest,
  relayPath: embedPath,
  canRelay,
  modelInBody: false,
  decodeResponse,
  encodeResponse,
};

/** The body names the model beside the path: it must be the target's. */
function canRelay({ extensions }: EmbeddingsRequest, model: string): boolean {
  const models = extensions.gemini?.[MODELS_KEY];
  return !Array.isArray(models) || models.every((name) => typeof name === "string" && bareName(name) === model);
}
