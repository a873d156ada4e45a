import type { TaskCodec } from "../../../canonical/task.ts";
import type { RerankAnswer, RerankRequest } from "../../../canonical/tasks/rerank.ts";
import { weighRerank } from "../../../canonical/tasks/weigh-rerank.ts";
import { decodeResponse, encodeResponse } from "./answer.ts";
import { decodeRerank } from "./decode-request.ts";
import { encodeRequest, RERANK_PATH } from "./encode-request.ts";

/** `POST /v2/rerank`: https://docs.cohere.com/reference/rerank */
export const rerank: TaskCodec<RerankRequest, RerankAnswer> = {
  decodeRequest: (wire) => decodeRerank(wire, "cohere"),
  weigh: weighRerank,
  encodeRequest,
  relayPath: () => RERANK_PATH,
  modelInBody: true,
  decodeResponse,
  encodeResponse,
};

/** `POST /v1/rerank`, for clients: https://docs.cohere.com/v1/reference/rerank */
export const rerankV1: TaskCodec<RerankRequest, RerankAnswer> = {
  ...rerank,
  decodeRequest: (wire) => decodeRerank(wire, "cohere-v1"),
};
