import { nearestRatio, pixelsOf } from "../../../canonical/aspect-ratio.ts";
import type { TargetContext } from "../../../canonical/dialect.ts";
import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, objectsOf, type Json, type JsonObject } from "../../../canonical/json.ts";
import { mediaBytes } from "../../../canonical/media-bytes.ts";
import type { EncodedTask, FollowUp, TaskProviderSide, TaskWireAnswer } from "../../../canonical/task.ts";
import type {
  VideoAnswer,
  VideoContentAnswer,
  VideoJob,
  VideoJobRequest,
  VideoRequest,
} from "../../../canonical/tasks/video.ts";
import { noVideo } from "../../../canonical/tasks/located-video.ts";
import { unitUsage } from "../../../canonical/usage.ts";
import { warnForeign } from "../../../canonical/warn-unsupported.ts";
import { methodPath } from "../paths.ts";

const RATIOS = ["16:9", "9:16"];
/** What Veo makes when nothing else is asked for: https://ai.google.dev/gemini-api/docs/video#veo-api-parameters */
const DEFAULT_SECONDS = 8;

/** Veo by `predictLongRunning`: https://ai.google.dev/gemini-api/docs/video */
export const video: TaskProviderSide<VideoRequest, VideoAnswer> = {
  encodeRequest,
  decodeResponse: (answer, { seconds = DEFAULT_SECONDS }) => ({
    job: decodeOperation(answer),
    usage: unitUsage({ video_seconds: seconds }),
  }),
};

function encodeRequest(request: VideoRequest, { model, warnings }: TargetContext): EncodedTask {
  const { prompt, seconds, size, image, job, extensions } = request;
  if (job !== undefined) throw new GatewayError("unsupported_operation", "Veo makes no new versions of videos");
  warnForeign(warnings, extensions, "gemini");
  const instance: JsonObject = { prompt };
  if (image !== undefined) {
    const { data, mediaType } = mediaBytes(image, "input_reference");
    instance["image"] = { bytesBase64Encoded: Buffer.from(data).toString("base64"), mimeType: mediaType };
  }
  const parameters: JsonObject = {};
  const ratio = nearestRatio(size, RATIOS, warnings);
  if (ratio !== undefined) parameters["aspectRatio"] = ratio;
  const pixels = pixelsOf(size);
  if (pixels !== null) parameters["resolution"] = Math.min(pixels.width, pixels.height) >= 1024 ? "1080p" : "720p";
  if (seconds !== undefined) parameters["durationSeconds"] = seconds;
  const json = { ...extensions.gemini, instances: [instance], parameters };
  return { path: methodPath(model, "predictLongRunning"), body: { json }, headers: {} };
}

/** `GET /v1beta/{name of the operation}`. */
export const videoStatus: TaskProviderSide<VideoJobRequest, VideoAnswer> = {
  encodeRequest: lookAt,
  decodeResponse: (answer) => ({ job: decodeOperation(answer) }),
};

function lookAt({ job }: VideoJobRequest): EncodedTask {
  const path = job
    .split("/")
    .filter((step) => step !== "" && step !== "." && step !== "..")
    .map(encodeURIComponent)
    .join("/");
  return { method: "GET", path: `/${path}`, body: null, headers: {} };
}

/** The file of a finished video is one of the Files API, which takes the same credential. */
export const videoContent: TaskProviderSide<VideoJobRequest, VideoContentAnswer> = {
  encodeRequest: lookAt,
  followUp,
  decodeResponse(answer) {
    throw noVideo(decodeOperation(answer).status);
  },
};

const FILE = /^https:\/\/[^/?#]+\/(?:v1beta|v1)(\/files\/[\w-]+:download)(?:\?|$)/;

function followUp(answer: TaskWireAnswer): FollowUp | null {
  const operation = decodeOperation(answer);
  const path = FILE.exec(addressIn(operation.raw.gemini))?.[1];
  if (operation.status !== "completed" || path === undefined) return null;
  return { method: "GET", path: `${path}?alt=media`, body: null, headers: {}, afterMs: 0, form: "bytes" };
}

/** `response.generateVideoResponse.generatedSamples[0].video.uri`. */
function addressIn(operation: JsonObject | undefined): string {
  const response = operation?.["response"];
  const made = isJsonObject(response) ? response["generateVideoResponse"] : undefined;
  const sample = objectsOf(isJsonObject(made) ? made["generatedSamples"] : undefined)[0]?.["video"];
  const uri = isJsonObject(sample) ? sample["uri"] : undefined;
  return typeof uri === "string" ? uri : "";
}

/** `google.longrunning.Operation`: https://ai.google.dev/api/batch-api#Operation */
function decodeOperation(answer: TaskWireAnswer): VideoJob {
  const body = answer.json();
  if (!isJsonObject(body) || typeof body["name"] !== "string")
    throw new GatewayError("provider_protocol_error", "the provider's answer is no operation: it has no `name`");
  const error = errorOf(body["error"]) ?? filtered(body);
  const isDone = body["done"] === true;
  return {
    id: body["name"],
    status: error !== null ? "failed" : isDone ? "completed" : "in_progress",
    progress: null,
    createdAt: null,
    completedAt: null,
    expiresAt: null,
    error,
    raw: { gemini: body },
  };
}

function errorOf(error: Json | undefined): VideoJob["error"] {
  if (!isJsonObject(error)) return null;
  const { code, message } = error;
  const word = typeof code === "number" ? String(code) : "";
  return { code: word, message: typeof message === "string" ? message : "" };
}

/** A video that a filter kept back leaves an operation without a file. */
function filtered(body: JsonObject): VideoJob["error"] {
  const { response } = body;
  const made = isJsonObject(response) ? response["generateVideoResponse"] : undefined;
  const reasons = isJsonObject(made) ? made["raiMediaFilteredReasons"] : undefined;
  if (!Array.isArray(reasons) || addressIn(body) !== "") return null;
  return { code: "content_filtered", message: reasons.map(String).join("; ") };
}
