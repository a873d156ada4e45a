import type { TargetContext } from "../../canonical/dialect.ts";
import { wantedPixels } from "../../canonical/aspect-ratio.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, textOf, type JsonObject } from "../../canonical/json.ts";
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
import { warnForeign } from "../../canonical/warn-unsupported.ts";
import { mediaAddress } from "../../canonical/media-bytes.ts";

const DEFAULT_SECONDS = 5;
const DEFAULT_RATIO = "1280:720";

const STATUSES: Readonly<Record<string, VideoJob["status"]>> = {
  PENDING: "queued",
  THROTTLED: "queued",
  RUNNING: "in_progress",
  SUCCEEDED: "completed",
  FAILED: "failed",
  CANCELLED: "failed",
};

/** `POST /v1/text_to_video` and `/v1/image_to_video` begin tasks: https://docs.dev.runwayml.com/api */
export const video: TaskProviderSide<VideoRequest, VideoAnswer> = {
  encodeRequest,
  decodeResponse(answer, { seconds = DEFAULT_SECONDS }) {
    const body = answer.json();
    if (!isJsonObject(body) || typeof body["id"] !== "string") throw noTask();
    return {
      job: { ...NEW_JOB, id: body["id"], raw: { runway: body } },
      usage: unitUsage({ video_seconds: seconds }),
    };
  },
};

const NEW_JOB = {
  status: "queued",
  progress: 0,
  createdAt: null,
  completedAt: null,
  expiresAt: null,
  error: null,
} as const;

function encodeRequest(request: VideoRequest, { model, warnings }: TargetContext): EncodedTask {
  const { prompt, seconds = DEFAULT_SECONDS, size, image, job, extensions } = request;
  if (job !== undefined) throw new GatewayError("unsupported_operation", "Runway makes no new versions of videos");
  warnForeign(warnings, extensions, "runway");
  const pixels = wantedPixels({ size }, warnings);
  const json: JsonObject = {
    ...extensions.runway,
    model,
    promptText: prompt,
    ratio: pixels === null ? DEFAULT_RATIO : `${pixels.width}:${pixels.height}`,
    duration: seconds,
  };
  if (image === undefined) return { path: "/v1/text_to_video", body: { json }, headers: {} };
  // Files go as `data:` URLs: https://docs.dev.runwayml.com/assets/inputs
  json["promptImage"] = mediaAddress(image, "input_reference");
  return { path: "/v1/image_to_video", body: { json }, headers: {} };
}

function pathOf({ job }: VideoJobRequest): string {
  return `/v1/tasks/${encodeURIComponent(job)}`;
}

function lookAt(request: VideoJobRequest): EncodedTask {
  return { method: "GET", path: pathOf(request), body: null, headers: {} };
}

/** `GET /v1/tasks/{id}`. */
export const videoStatus: TaskProviderSide<VideoJobRequest, VideoAnswer> = {
  encodeRequest: lookAt,
  decodeResponse: (answer) => ({ job: decodeTask(answer) }),
};

/** The finished file is at an address that needs no credential and lasts a day or two. */
export const videoContent: TaskProviderSide<VideoJobRequest, VideoContentAnswer> = {
  encodeRequest: lookAt,
  decodeResponse(answer) {
    const { status, raw } = decodeTask(answer);
    const output = raw.runway?.["output"];
    const made = status === "completed" && Array.isArray(output) ? locatedVideo(output[0]) : null;
    if (made === null) throw noVideo(status);
    return made;
  },
};

/** `DELETE /v1/tasks/{id}`: answers without a body. */
export const videoDelete: TaskProviderSide<VideoJobRequest, VideoDeletedAnswer> = {
  encodeRequest: (request) => ({ method: "DELETE", path: pathOf(request), body: null, headers: {} }),
  decodeResponse: (_, { job }) => ({ isDeleted: true, job: { id: job } }),
};

function decodeTask(answer: TaskWireAnswer): VideoJob {
  const body = answer.json();
  const id = isJsonObject(body) ? body["id"] : undefined;
  if (!isJsonObject(body) || typeof id !== "string") throw noTask();
  const { status, progress, createdAt, failure, failureCode } = body;
  const state = typeof status === "string" && Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined;
  const created = typeof createdAt === "string" ? Date.parse(createdAt) / 1000 : Number.NaN;
  return {
    id,
    status: state ?? "in_progress",
    progress: typeof progress === "number" ? Math.round(progress * 100) : null,
    createdAt: Number.isFinite(created) ? Math.floor(created) : null,
    completedAt: null,
    expiresAt: null,
    error: state === "failed" ? { code: textOf(failureCode), message: textOf(failure) } : null,
    raw: { runway: body },
  };
}

function noTask(): GatewayError {
  return new GatewayError("provider_protocol_error", "the provider's answer is no task: it has no `id`");
}
