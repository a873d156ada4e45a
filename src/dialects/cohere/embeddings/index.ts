import type { TaskCodec } from "../../../canonical/task.ts";
import type { EmbeddingsAnswer, EmbeddingsRequest } from "../../../canonical/tasks/embeddings.ts";
import { weighEmbeddings } from "../../../canonical/tasks/weigh-embeddings.ts";
import { decodeEmbed } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { EMBED_PATH, encodeRequest } from "./encode-request.ts";
import { encodeResponse, encodeV1Response } from "./encode-response.ts";

type EmbeddingsCodec = TaskCodec<EmbeddingsRequest, EmbeddingsAnswer>;

/** `POST /v2/embed`: https://docs.cohere.com/reference/embed */
export const embeddings: EmbeddingsCodec = {
  decodeRequest: (wire) => decodeEmbed(wire, "cohere"),
  weigh: weighEmbeddings,
  encodeRequest,
  relayPath: () => EMBED_PATH,
  modelInBody: true,
  decodeResponse,
  encodeResponse,
};

/** `POST /v1/embed`, for clients: https://docs.cohere.com/v1/reference/embed */
export const embeddingsV1: EmbeddingsCodec = {
  ...embeddings,
  decodeRequest: (wire) => decodeEmbed(wire, "cohere-v1"),
  encodeResponse: encodeV1Response,
};
