import type { TargetContext } from "../../canonical/dialect.ts";
import { nearestRatio } from "../../canonical/aspect-ratio.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type JsonObject } from "../../canonical/json.ts";
import { mediaAddress } from "../../canonical/media-bytes.ts";
import { modelInputs } from "../../canonical/model-inputs.ts";
import type { EncodedTask, TaskProviderSide, TaskWireAnswer } from "../../canonical/task.ts";
import type {
  VideoAnswer,
  VideoContentAnswer,
  VideoJob,
  VideoJobRequest,
  VideoRequest,
} from "../../canonical/tasks/video.ts";
import { locatedVideo } from "../../canonical/tasks/located-video.ts";
import { unitUsage } from "../../canonical/usage.ts";
import { modelPath, queuedIn, readQueued, requestPath, type QueueState } from "./queue.ts";

const RATIOS = ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9"];
/** What a budget counts where the request names no length: models differ in theirs. */
const DEFAULT_SECONDS = 5;

const STATUSES: Readonly<Record<QueueState, VideoJob["status"]>> = {
  IN_QUEUE: "queued",
  IN_PROGRESS: "in_progress",
  COMPLETED: "completed",
};

/** A request in the queue of a model, not waited for: https://docs.fal.ai/model-apis/model-endpoints/queue */
export const video: TaskProviderSide<VideoRequest, VideoAnswer> = {
  encodeRequest,
  decodeResponse: (answer, { seconds = DEFAULT_SECONDS }) => ({
    job: decodeJob(answer),
    usage: unitUsage({ video_seconds: seconds }),
  }),
};

/** Models write seconds as numbers or, as Veo and Kling do, as texts with or without an `s`: https://fal.ai/models/fal-ai/veo3/api */
function durationOf(seconds: number, model: string): number | string {
  if (/veo|sora/.test(model)) return /sora/.test(model) ? seconds : `${seconds}s`;
  return /kling|minimax|hailuo|pixverse/.test(model) ? String(seconds) : seconds;
}

function encodeRequest(request: VideoRequest, { model, warnings }: TargetContext): EncodedTask {
  const { prompt, seconds, size, image, job, extensions } = request;
  if (job !== undefined) throw new GatewayError("unsupported_operation", "Fal makes no new versions of videos");
  const ratio = nearestRatio(size, RATIOS, warnings);
  const json: JsonObject = {
    ...modelInputs(extensions, "fal", warnings),
    prompt,
    ...(seconds !== undefined && { duration: durationOf(seconds, model) }),
    ...(ratio !== undefined && { aspect_ratio: ratio }),
    ...(image !== undefined && { image_url: mediaAddress(image, "input_reference") }),
  };
  return { path: modelPath(model), body: { json }, headers: {} };
}

/** Where the queue says how a request stands. */
export const videoStatus: TaskProviderSide<VideoJobRequest, VideoAnswer> = {
  encodeRequest: ({ job }, { model }) => ({
    method: "GET",
    path: `${requestPath(model, job)}/status`,
    body: null,
    headers: {},
  }),
  decodeResponse: (answer) => ({ job: decodeJob(answer) }),
};

/** The finished file is at an address that needs no credential. */
export const videoContent: TaskProviderSide<VideoJobRequest, VideoContentAnswer> = {
  encodeRequest: ({ job }, { model }) => ({ method: "GET", path: requestPath(model, job), body: null, headers: {} }),
  decodeResponse(answer) {
    const body = answer.json();
    const made = isJsonObject(body) ? body["video"] : undefined;
    const found = locatedVideo(isJsonObject(made) ? made["url"] : undefined);
    if (found !== null) return found;
    const message = readQueued(body) === null ? "the result holds no video" : "the video is not ready";
    throw new GatewayError("not_found", message, { param: "video_id" });
  },
};

function decodeJob(answer: TaskWireAnswer): VideoJob {
  const { id, state, error, raw } = queuedIn(answer.json());
  return {
    id,
    status: error === undefined ? STATUSES[state] : "failed",
    progress: null,
    createdAt: null,
    completedAt: null,
    expiresAt: null,
    error: error === undefined ? null : { code: "failed", message: error },
    raw: { fal: raw },
  };
}
