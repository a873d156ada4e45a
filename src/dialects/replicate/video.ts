import type { TargetContext } from "../../canonical/dialect.ts";
import { nearestRatio } from "../../canonical/aspect-ratio.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { mediaAddress } from "../../canonical/media-bytes.ts";
import { modelInputs } from "../../canonical/model-inputs.ts";
import type { EncodedTask, TaskProviderSide, TaskWireAnswer } from "../../canonical/task.ts";
import type {
  VideoAnswer,
  VideoContentAnswer,
  VideoDeletedAnswer,
  VideoJob,
  VideoJobRequest,
  VideoRequest,
} from "../../canonical/tasks/video.ts";
import { locatedVideo, noVideo } from "../../canonical/tasks/located-video.ts";
import { unitUsage } from "../../canonical/usage.ts";
import { predictionIn, predictionPath, startOf, textsOf, type Prediction } from "./prediction.ts";

const RATIOS = ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9"];
/** What a budget counts where the request names no length: models differ in theirs. */
const DEFAULT_SECONDS = 5;

const STATUSES: Readonly<Record<Prediction["status"], VideoJob["status"]>> = {
  starting: "queued",
  processing: "in_progress",
  succeeded: "completed",
  failed: "failed",
  canceled: "failed",
};

/** A prediction whose output is a video, not waited for. */
export const video: TaskProviderSide<VideoRequest, VideoAnswer> = {
  encodeRequest,
  decodeResponse: (answer, { seconds = DEFAULT_SECONDS }) => ({
    job: decodeJob(answer),
    usage: unitUsage({ video_seconds: seconds }),
  }),
};

function encodeRequest(request: VideoRequest, { model, warnings }: TargetContext): EncodedTask {
  const { prompt, seconds, size, image, job, extensions } = request;
  if (job !== undefined) throw new GatewayError("unsupported_operation", "Replicate makes no new versions of videos");
  const { path, version } = startOf(model);
  const ratio = nearestRatio(size, RATIOS, warnings);
  const input: JsonObject = {
    ...modelInputs(extensions, "replicate", warnings),
    prompt,
    ...(seconds !== undefined && { duration: seconds }),
    ...(ratio !== undefined && { aspect_ratio: ratio }),
    ...(image !== undefined && { image: mediaAddress(image, "input_reference") }),
  };
  return { path, body: { json: version === undefined ? { input } : { version, input } }, headers: {} };
}

function lookAt({ job }: VideoJobRequest): EncodedTask {
  return { method: "GET", path: predictionPath(job), body: null, headers: {} };
}

/** `GET /v1/predictions/{id}`: https://replicate.com/docs/reference/http#predictions.get */
export const videoStatus: TaskProviderSide<VideoJobRequest, VideoAnswer> = {
  encodeRequest: lookAt,
  decodeResponse: (answer) => ({ job: decodeJob(answer) }),
};

/** The finished file is at an address that needs no credential and lasts an hour. */
export const videoContent: TaskProviderSide<VideoJobRequest, VideoContentAnswer> = {
  encodeRequest: lookAt,
  decodeResponse(answer) {
    const { status, output } = predictionIn(answer.json());
    const made = status === "succeeded" ? locatedVideo(textsOf(output)?.[0]) : null;
    if (made === null) throw noVideo(STATUSES[status]);
    return made;
  },
};

/** `POST /v1/predictions/{id}/cancel`: what is finished goes away by itself. */
export const videoDelete: TaskProviderSide<VideoJobRequest, VideoDeletedAnswer> = {
  encodeRequest: ({ job }) => ({ path: `${predictionPath(job)}/cancel`, body: null, headers: {} }),
  decodeResponse: (_, { job }) => ({ isDeleted: true, job: { id: job } }),
};

function decodeJob(answer: TaskWireAnswer): VideoJob {
  const { id, status, createdAt, completedAt, error, raw } = predictionIn(answer.json());
  const state = STATUSES[status];
  return {
    id,
    status: state,
    progress: null,
    createdAt,
    completedAt,
    expiresAt: null,
    error: state === "failed" ? { code: status, message: error } : null,
    raw: { replicate: raw },
  };
}
