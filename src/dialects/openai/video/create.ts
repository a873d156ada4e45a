import { given } from "../../../canonical/given.ts";
import { mediaBytes } from "../../../canonical/media-bytes.ts";
import type { EncodedTask, TaskCodec, TaskWire } from "../../../canonical/task.ts";
import { invalidField, referenceOf, TaskFields } from "../../../canonical/task-fields.ts";
import type { MediaInput } from "../../../canonical/tasks/media-input.ts";
import type { VideoAnswer, VideoRequest } from "../../../canonical/tasks/video.ts";
import { unitUsage } from "../../../canonical/usage.ts";
import { fieldParts, filePart } from "../form-parts.ts";
import { decodeJob, encodeJob } from "./job.ts";

/** What a video has when nothing else is asked for; the longest that can be: https://platform.openai.com/docs/api-reference/videos/create */
const DEFAULT_SECONDS = 4;
const LONGEST_SECONDS = 12;

/** `POST /videos` and `POST /videos/{id}/remix`: https://platform.openai.com/docs/api-reference/videos */
export const video: TaskCodec<VideoRequest, VideoAnswer> = {
  decodeRequest,
  weigh: (request) => ({
    inputTokens: 0,
    outputTokens: 0,
    hasImages: request.image !== undefined,
    // A new version is as long as the first, which nobody here remembers.
    units: { video_seconds: request.seconds ?? (request.job === undefined ? DEFAULT_SECONDS : LONGEST_SECONDS) },
  }),
  encodeRequest,
  relayPath: null,
  modelInBody: true,
  decodeResponse(answer, request) {
    const job = decodeJob(answer);
    return { job, usage: unitUsage({ video_seconds: secondsOf(job.raw.openai, request) }) };
  },
  encodeResponse: encodeJob,
};

function decodeRequest(wire: TaskWire): VideoRequest {
  const fields = new TaskFields(wire);
  const job = wire.pathJob;
  const request: VideoRequest = {
    model: job === undefined ? fields.text("model", true) : "",
    prompt: fields.text("prompt", true),
    stream: false,
    extensions: {},
    warnings: [],
    ...given({ job, size: fields.text("size"), image: imageOf(fields) }),
  };
  const seconds = fields.value("seconds");
  if (seconds !== undefined) request.seconds = numberOf(seconds);
  request.extensions = { openai: fields.rest() };
  return request;
}

function imageOf(fields: TaskFields): MediaInput | undefined {
  const reference = fields.value("input_reference");
  return (
    fields.file("input_reference") ?? (reference === undefined ? undefined : referenceOf(reference, "input_reference"))
  );
}

/** A text in OpenAI's API. */
function numberOf(value: unknown): number {
  const seconds = typeof value === "string" && value !== "" ? Number(value) : value;
  if (typeof seconds === "number" && Number.isFinite(seconds) && seconds > 0) return seconds;
  throw invalidField("seconds", "a number of seconds");
}

function secondsOf(raw: unknown, request: VideoRequest): number {
  const said = typeof raw === "object" && raw !== null && "seconds" in raw ? Number(raw.seconds) : Number.NaN;
  return Number.isFinite(said) && said > 0 ? said : (request.seconds ?? DEFAULT_SECONDS);
}

function encodeRequest(request: VideoRequest): EncodedTask {
  const { prompt, job, model, size, seconds, image } = request;
  const own = request.extensions.openai;
  if (job !== undefined) {
    const path = `/videos/${encodeURIComponent(job)}/remix`;
    return { path, body: { json: { ...own, prompt } }, headers: {} };
  }
  const fields = { ...own, model, prompt, ...given({ size, seconds: seconds?.toString() }) };
  if (image?.type !== "bytes") {
    const reference = image?.type === "url" ? { image_url: image.url } : image && { file_id: image.id };
    const json = { ...fields, ...given({ input_reference: reference }) };
    return { path: "/videos", body: { json }, headers: {} };
  }
  const form = [...fieldParts(fields), filePart("input_reference", mediaBytes(image, "input_reference"))];
  return { path: "/videos", body: { form }, headers: {} };
}
