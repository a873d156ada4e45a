import type { TargetContext } from "../../canonical/dialect.ts";
import { wantedPixels, wantedRatio } from "../../canonical/aspect-ratio.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { given } from "../../canonical/given.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { mediaAddress } from "../../canonical/media-bytes.ts";
import { modelInputs } from "../../canonical/model-inputs.ts";
import type { EncodedTask, FollowUp, TaskProviderSide, TaskWireAnswer } from "../../canonical/task.ts";
import type { ImageAnswer, ImageEditRequest, ImageOptions, ImageRequest } from "../../canonical/tasks/image.ts";
import { imageAt } from "../../canonical/tasks/image-at.ts";
import type { MediaInput } from "../../canonical/tasks/media-input.ts";
import { unitUsage } from "../../canonical/usage.ts";
import { warnUnsupported } from "../../canonical/warn-unsupported.ts";
import { addWarning } from "../../canonical/warning.ts";
import {
  finishedPrediction,
  isUnderWay,
  predictionPath,
  readPrediction,
  startOf,
  textsOf,
  WAITS,
} from "./prediction.ts";

const POLL_MS = 500;
const RATIOS = ["1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21"];
/** Its images are sized in pixels: https://replicate.com/stability-ai/sdxl/api/schema */
const IN_PIXELS = /sdxl|stable-diffusion(?!-3)/;
/** https://replicate.com/openai/gpt-image-1/api/schema */
const GPT_IMAGE = /^openai\//;

/** A prediction whose output is images, waited for: https://replicate.com/docs/topics/predictions/create-a-prediction */
export const image: TaskProviderSide<ImageRequest, ImageAnswer> = {
  encodeRequest: (request, target) => encode(request, target, {}),
  followUp,
  decodeResponse: decode,
};

/** The same with images that go in. */
export const imageEdit: TaskProviderSide<ImageEditRequest, ImageAnswer> = {
  encodeRequest(request, target) {
    const { images, mask } = request;
    const named = encodeInputs(images, target);
    if (mask !== undefined) named["mask"] = mediaAddress(mask, "mask");
    return encode(request, target, named);
  },
  followUp,
  decodeResponse: decode,
};

function encode(request: ImageRequest, target: TargetContext, inputs: JsonObject): EncodedTask {
  const { path, version } = startOf(target.model);
  const input = {
    ...modelInputs(request.extensions, "replicate", target.warnings),
    prompt: request.prompt,
    ...encodeOptions(request, target),
    ...inputs,
  };
  const json = version === undefined ? { input } : { version, input };
  return { path, body: { json }, headers: { ...WAITS } };
}

function encodeOptions(request: ImageOptions, { model, warnings }: TargetContext): JsonObject {
  const { n = 1, quality, background, compression, format, delivery, partialImages, endUser } = request;
  const isGpt = GPT_IMAGE.test(model);
  if (!isGpt) warnUnsupported(warnings, { quality, background: background === "auto" ? undefined : background });
  warnUnsupported(warnings, {
    partial_images: partialImages,
    user: endUser,
    response_format: delivery === "base64" ? delivery : undefined,
  });
  return {
    ...encodeSize(request, model, warnings),
    ...given({
      [isGpt ? "number_of_images" : "num_outputs"]: n > 1 ? n : undefined,
      [isGpt ? "output_compression" : "output_quality"]: compression,
      output_format: format === "jpeg" && !isGpt ? "jpg" : format,
      ...(isGpt && { quality, background }),
    }),
  };
}

function encodeSize(request: ImageOptions, model: string, warnings: TargetContext["warnings"]): JsonObject {
  if (IN_PIXELS.test(model)) return { ...wantedPixels(request, warnings) };
  const ratio = wantedRatio(request, RATIOS, warnings);
  return ratio === undefined ? {} : { aspect_ratio: ratio };
}

/** Fields of the images that go in, by model; a list takes all of them, a numbered field one each. */
const INPUT_FIELDS: readonly { models: RegExp; field: string; form: "one" | "list" | "numbered" }[] = [
  { models: /^black-forest-labs\/flux-2/, field: "input_image", form: "numbered" },
  { models: /^black-forest-labs\/flux-kontext/, field: "input_image", form: "one" },
  { models: GPT_IMAGE, field: "input_images", form: "list" },
  { models: /nano-banana|seedream/, field: "image_input", form: "list" },
  { models: /^/, field: "image", form: "one" },
];

function encodeInputs(images: readonly MediaInput[], { model, warnings }: TargetContext): JsonObject {
  const addresses = images.map((each, at) => mediaAddress(each, `image[${at}]`));
  const { field = "image", form = "one" } = INPUT_FIELDS.find(({ models }) => models.test(model)) ?? {};
  if (form === "list") return { [field]: addresses };
  if (form === "numbered")
    return Object.fromEntries(addresses.map((each, at) => [at === 0 ? field : `${field}_${at + 1}`, each]));
  const message = "the model takes one image: the first was sent";
  if (addresses.length > 1) addWarning(warnings, { code: "dropped_content", field: "image[1]", message });
  return { [field]: addresses[0] ?? null };
}

function followUp(answer: TaskWireAnswer): FollowUp | null {
  const prediction = readPrediction(answer.json());
  if (prediction === null || !isUnderWay(prediction)) return null;
  return { method: "GET", path: predictionPath(prediction.id), body: null, headers: {}, afterMs: POLL_MS };
}

function decode(answer: TaskWireAnswer): ImageAnswer {
  const { output, metrics } = finishedPrediction(answer.json());
  const addresses = textsOf(output);
  if (addresses === null || addresses.length === 0)
    throw new GatewayError("provider_protocol_error", "the output of the model is no image");
  return {
    images: addresses.map(imageAt),
    usage: unitUsage({ images: addresses.length }),
    extensions: { replicate: { metrics } },
  };
}
