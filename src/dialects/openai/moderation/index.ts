import type { TaskCodec } from "../../../canonical/task.ts";
import type { ModerationAnswer, ModerationRequest } from "../../../canonical/tasks/moderation.ts";
import { decodeResponse, encodeResponse } from "./answer.ts";
import { decodeRequest, weigh } from "./decode-request.ts";
import { encodeRequest, moderationPath } from "./encode-request.ts";

/** `POST /moderations`: https://platform.openai.com/docs/api-reference/moderations/create */
export const moderation: TaskCodec<ModerationRequest, ModerationAnswer> = {
  decodeRequest,
  weigh,
  encodeRequest,
  relayPath: (_model, request) => moderationPath(request),
  modelInBody: true,
  decodeResponse,
  encodeResponse,
};
