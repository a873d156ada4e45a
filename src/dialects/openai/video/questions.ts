import { given } from "../../../canonical/given.ts";
import { isJsonObject } from "../../../canonical/json.ts";
import type { TaskCodec, TaskWeight, TaskWire } from "../../../canonical/task.ts";
import { TaskFields } from "../../../canonical/task-fields.ts";
import type {
  VideoAnswer,
  VideoContentAnswer,
  VideoDeletedAnswer,
  VideoJobRequest,
} from "../../../canonical/tasks/video.ts";
import { decodeJob, encodeJob } from "./job.ts";

const WEIGHTLESS: TaskWeight = { inputTokens: 0, outputTokens: 0, hasImages: false };

const asked = { decodeRequest, weigh: () => WEIGHTLESS, relayPath: null, modelInBody: false } as const;

function decodeRequest(wire: TaskWire): VideoJobRequest {
  const fields = new TaskFields(wire);
  return {
    model: "",
    stream: false,
    warnings: [],
    job: wire.pathJob ?? "",
    ...given({ variant: fields.text("variant") }),
  };
}

function pathOf({ job }: VideoJobRequest): string {
  return `/videos/${encodeURIComponent(job)}`;
}

/** `GET /videos/{id}`: https://platform.openai.com/docs/api-reference/videos/retrieve */
export const videoStatus: TaskCodec<VideoJobRequest, VideoAnswer> = {
  ...asked,
  encodeRequest: (request) => ({ method: "GET", path: pathOf(request), body: null, headers: {} }),
  decodeResponse: (answer) => ({ job: decodeJob(answer) }),
  encodeResponse: encodeJob,
};

/** `DELETE /videos/{id}`: https://platform.openai.com/docs/api-reference/videos/delete */
export const videoDelete: TaskCodec<VideoJobRequest, VideoDeletedAnswer> = {
  ...asked,
  encodeRequest: (request) => ({ method: "DELETE", path: pathOf(request), body: null, headers: {} }),
  decodeResponse(answer, { job }) {
    const body = answer.json();
    return { isDeleted: isJsonObject(body) && body["deleted"] === true, job: { id: job } };
  },
  encodeResponse: ({ isDeleted, job }) => ({
    contentType: "application/json",
    body: JSON.stringify({ id: job?.id ?? "", object: "video.deleted", deleted: isDeleted }),
  }),
};

/** `GET /videos/{id}/content`: https://platform.openai.com/docs/api-reference/videos/content */
export const videoContent: TaskCodec<VideoJobRequest, VideoContentAnswer> = {
  ...asked,
  encodeRequest(request) {
    const query = request.variant === undefined ? "" : `?variant=${encodeURIComponent(request.variant)}`;
    return { method: "GET", path: `${pathOf(request)}/content${query}`, body: null, headers: {} };
  },
  answerForm: () => "bytes",
  decodeResponse: ({ bytes, contentType }) => ({ data: bytes, contentType }),
  encodeResponse({ data, contentType, location }) {
    if (location === undefined) return { contentType, body: data };
    return { contentType: "text/plain", body: "", location };
  },
};
