import type { TaskCodec } from "../../../canonical/task.ts";
import type { RerankAnswer, RerankRequest } from "../../../canonical/tasks/rerank.ts";
import { weighRerank } from "../../../canonical/tasks/weigh-rerank.ts";
import { decodeResponse, encodeResponse } from "./answer.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeRequest, RERANK_PATH } from "./encode-request.ts";

/**
 * `POST /rerank` as Jina has it (https://jina.ai/reranker), and with it Voyage (https://docs.voyageai.com/reference/reranker-api),
 * Together, vLLM (https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html) and others.
 */
export const rerank: TaskCodec<RerankRequest, RerankAnswer> = {
  decodeRequest,
  weigh: weighRerank,
  encodeRequest,
  relayPath: () => RERANK_PATH,
  modelInBody: true,
  decodeResponse,
  encodeResponse,
};
