import type { TargetContext } from "../../canonical/dialect.ts";
import { wantedPixels, wantedRatio } from "../../canonical/aspect-ratio.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { given } from "../../canonical/given.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { mediaAddress } from "../../canonical/media-bytes.ts";
import { modelInputs } from "../../canonical/model-inputs.ts";
import type { EncodedTask, FollowUp, TaskProviderSide, TaskWireAnswer } from "../../canonical/task.ts";
import type {
  ImageAnswer,
  ImageEditRequest,
  ImageOptions,
  ImageRequest,
  MadeImage,
} from "../../canonical/tasks/image.ts";
import { imageAt } from "../../canonical/tasks/image-at.ts";
import type { MediaInput } from "../../canonical/tasks/media-input.ts";
import { unitUsage } from "../../canonical/usage.ts";
import { warnUnsupported } from "../../canonical/warn-unsupported.ts";
import { modelPath, readQueued, requestPath } from "./queue.ts";

const POLL_MS = 500;
const RATIOS = ["1:1", "16:9", "21:9", "3:2", "2:3", "4:3", "3:4", "9:16", "9:21"];
/** Models that take an aspect ratio in place of width and height: https://fal.ai/models/fal-ai/flux-pro/v1.1-ultra/api */
const BY_RATIO = /ultra|imagen|nano-banana|kontext/;
/** OpenAI's models, which take OpenAI's words: https://fal.ai/models/fal-ai/gpt-image-1/text-to-image/api */
const GPT_IMAGE = /gpt-image/;
/** Models that take several images: https://fal.ai/models/fal-ai/flux-2/edit/api */
const SEVERAL = /flux-2|nano-banana|seedream|gpt-image|kontext\/(?:max\/)?multi/;

/** A request in the queue of a model: https://docs.fal.ai/model-apis/model-endpoints/queue */
export const image: TaskProviderSide<ImageRequest, ImageAnswer> = {
  encodeRequest: (request, target) => encode(request, target, {}),
  followUp,
  decodeResponse: decode,
};

/** The same with images that go in. */
export const imageEdit: TaskProviderSide<ImageEditRequest, ImageAnswer> = {
  encodeRequest(request, target) {
    const { images, mask } = request;
    const inputs = encodeInputs(images, target);
    if (mask !== undefined) inputs["mask_url"] = mediaAddress(mask, "mask");
    return encode(request, target, inputs);
  },
  followUp,
  decodeResponse: decode,
};

function encode(request: ImageRequest, target: TargetContext, inputs: JsonObject): EncodedTask {
  const json = {
    ...modelInputs(request.extensions, "fal", target.warnings),
    prompt: request.prompt,
    ...encodeOptions(request, target),
    ...inputs,
  };
  return { path: modelPath(target.model), body: { json }, headers: {} };
}

/** `sync_mode` has the images come in place: https://fal.ai/models/fal-ai/flux/dev/api */
function encodeOptions(request: ImageOptions, target: TargetContext): JsonObject {
  const { n = 1, quality, compression, background, partialImages, endUser, format, delivery } = request;
  const isGpt = GPT_IMAGE.test(target.model);
  if (!isGpt) warnUnsupported(target.warnings, { quality, background: background === "auto" ? undefined : background });
  warnUnsupported(target.warnings, {
    output_compression: compression,
    partial_images: partialImages,
    user: endUser,
  });
  return {
    ...encodeSize(request, target),
    ...given({
      num_images: n > 1 ? n : undefined,
      output_format: format,
      sync_mode: delivery === "base64" ? true : undefined,
      ...(isGpt && { quality, background }),
    }),
  };
}

function encodeSize(request: ImageOptions, { model, warnings }: TargetContext): JsonObject {
  if (GPT_IMAGE.test(model)) return encodeGptSize(request, warnings);
  if (!BY_RATIO.test(model)) {
    const pixels = wantedPixels(request, warnings);
    return pixels === null ? {} : { image_size: { ...pixels } };
  }
  const ratio = wantedRatio(request, RATIOS, warnings);
  return ratio === undefined ? {} : { aspect_ratio: ratio };
}

/** https://fal.ai/models/fal-ai/gpt-image-1/text-to-image/api */
function encodeGptSize({ size, aspectRatio }: ImageOptions, warnings: TargetContext["warnings"]): JsonObject {
  warnUnsupported(warnings, { aspectRatio });
  return size === undefined ? {} : { image_size: size };
}

function encodeInputs(images: readonly MediaInput[], { model, warnings }: TargetContext): JsonObject {
  const addresses = images.map((each, at) => mediaAddress(each, `image[${at}]`));
  if (SEVERAL.test(model)) return { image_urls: addresses };
  const [first, ...others] = addresses;
  warnUnsupported(warnings, { "image[1]": others[0] });
  return first === undefined ? {} : { image_url: first };
}

function followUp(answer: TaskWireAnswer, { model }: ImageOptions): FollowUp | null {
  const queued = readQueued(answer.json());
  if (queued === null || queued.error !== undefined) return null;
  const path = requestPath(model, queued.id);
  const isDone = queued.state === "COMPLETED";
  const look = { method: "GET", body: null, headers: {} } as const;
  return isDone ? { ...look, path, afterMs: 0 } : { ...look, path: `${path}/status`, afterMs: POLL_MS };
}

function decode(answer: TaskWireAnswer): ImageAnswer {
  const body = answer.json();
  const failed = readQueued(body)?.error;
  if (failed !== undefined)
    throw new GatewayError("upstream_error", failed, { upstream: { status: 500, message: failed, body } });
  const { images: list, image: one, prompt: _, ...rest } = isJsonObject(body) ? body : {};
  const images = (Array.isArray(list) ? list : [one ?? null]).map(imageOf);
  if (images.length === 0) throw noImage();
  return { images, usage: unitUsage({ images: images.length }), extensions: { fal: rest } };
}

function imageOf(value: Json): MadeImage {
  const { url, content_type: type } = isJsonObject(value) ? value : {};
  if (typeof url !== "string") throw noImage();
  return { ...(typeof type === "string" && { mediaType: type }), ...imageAt(url) };
}

function noImage(): GatewayError {
  return new GatewayError(
    "provider_protocol_error",
    "the provider's answer holds no image: it has no `images` with a `url`",
  );
}
