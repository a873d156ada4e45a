import type { TargetContext } from "../../canonical/dialect.ts";
import { wantedPixels, wantedRatio } from "../../canonical/aspect-ratio.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { given } from "../../canonical/given.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { mediaAddress } from "../../canonical/media-bytes.ts";
import { modelInputs } from "../../canonical/model-inputs.ts";
import type { EncodedTask, FollowUp, TaskProviderSide, TaskWireAnswer } from "../../canonical/task.ts";
import type { ImageAnswer, ImageEditRequest, ImageOptions, ImageRequest } from "../../canonical/tasks/image.ts";
import type { MediaInput } from "../../canonical/tasks/media-input.ts";
import { unitUsage } from "../../canonical/usage.ts";
import { warnUnsupported } from "../../canonical/warn-unsupported.ts";
import { addWarning } from "../../canonical/warning.ts";

const POLL_MS = 500;
const RATIOS = ["1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21"];
/** Models that take an aspect ratio in place of width and height: https://docs.bfl.ai/kontext/kontext_text_to_image */
const BY_RATIO = /kontext|ultra/;
/** The model that paints into one image, named otherwise: https://docs.bfl.ai/flux_tools/flux_1_fill */
const FILLS = /fill|expand/;
const UNDER_WAY: ReadonlySet<Json | undefined> = new Set(["Pending", "Queued", "Generating"]);

/** `POST /v1/{model}`, then looks at its `polling_url` until it is ready: https://docs.bfl.ai/quick_start/generating_images */
export const image: TaskProviderSide<ImageRequest, ImageAnswer> = {
  encodeRequest: (request, target) => encode(request, target, {}),
  followUp,
  decodeResponse: decode,
};

/** The same with images that go in: https://docs.bfl.ai/flux_2/flux2_image_editing */
export const imageEdit: TaskProviderSide<ImageEditRequest, ImageAnswer> = {
  encodeRequest(request, target) {
    const { images, mask } = request;
    const inputs = FILLS.test(target.model) ? encodeOne(images, target) : encodeNumbered(images);
    if (mask !== undefined) inputs["mask"] = base64Of(mask, "mask");
    return encode(request, target, inputs);
  },
  followUp,
  decodeResponse: decode,
};

function encode(request: ImageRequest, target: TargetContext, inputs: JsonObject): EncodedTask {
  const json = {
    ...modelInputs(request.extensions, "bfl", target.warnings),
    prompt: request.prompt,
    ...encodeOptions(request, target),
    ...inputs,
  };
  return { path: `/${encodeURIComponent(target.model)}`, body: { json }, headers: {} };
}

function encodeOptions(request: ImageOptions, { model, warnings }: TargetContext): JsonObject {
  const { n = 1, quality, compression, background, partialImages, endUser, delivery } = request;
  warnUnsupported(warnings, {
    n: n > 1 ? n : undefined,
    quality,
    output_compression: compression,
    background: background === "auto" ? undefined : background,
    partial_images: partialImages,
    user: endUser,
    response_format: delivery === "base64" ? delivery : undefined,
  });
  const ratio = BY_RATIO.test(model) ? wantedRatio(request, RATIOS, warnings) : undefined;
  const pixels = BY_RATIO.test(model) ? null : wantedPixels(request, warnings);
  return given({
    aspect_ratio: ratio,
    width: pixels?.width,
    height: pixels?.height,
    output_format: formatOf(request, warnings),
  });
}

function formatOf({ format }: ImageOptions, warnings: TargetContext["warnings"]): string | undefined {
  if (format !== "webp") return format;
  addWarning(warnings, { code: "changed_field", field: "output_format", message: "webp is not offered: png" });
  return "png";
}

function encodeOne(images: readonly MediaInput[], { warnings }: TargetContext): JsonObject {
  const [first, ...others] = images;
  warnUnsupported(warnings, { "image[1]": others[0] });
  return first === undefined ? {} : { image: base64Of(first, "image") };
}

function encodeNumbered(images: readonly MediaInput[]): JsonObject {
  const entries = images.map((each, at) => [
    at === 0 ? "input_image" : `input_image_${at + 1}`,
    base64Of(each, `image[${at}]`),
  ]);
  return Object.fromEntries(entries);
}

/** An address as it is, a file in base64 without a prefix. */
function base64Of(input: MediaInput, param: string): string {
  const address = mediaAddress(input, param);
  return address.startsWith("data:") ? address.slice(address.indexOf(",") + 1) : address;
}

function followUp(answer: TaskWireAnswer, _: ImageOptions, path: string): FollowUp | null {
  const body = answer.json();
  if (!isJsonObject(body)) return null;
  const { polling_url: begun, status } = body;
  const look = { method: "GET", body: null, headers: {}, afterMs: POLL_MS } as const;
  if (UNDER_WAY.has(status)) return { ...look, path };
  return status === undefined && typeof begun === "string" ? { ...look, path: begun } : null;
}

/** Statuses: https://docs.bfl.ai/api_integration/errors */
function decode(answer: TaskWireAnswer): ImageAnswer {
  const body = answer.json();
  const { status, result, details } = isJsonObject(body) ? body : {};
  const sample = isJsonObject(result) ? result["sample"] : undefined;
  if (typeof status === "string" && status !== "Ready") throw failureOf(status, body, details);
  if (typeof sample !== "string" || !isJsonObject(result))
    throw new GatewayError(
      "provider_protocol_error",
      "the provider's answer holds no image: it has no `result.sample`",
    );
  const { sample: _, prompt: __, ...rest } = result;
  return { images: [{ url: sample }], usage: unitUsage({ images: 1 }), extensions: { bfl: rest } };
}

function failureOf(status: string, body: Json, details: Json | undefined): GatewayError {
  const said = isJsonObject(details) ? `${status}: ${JSON.stringify(details).slice(0, 200)}` : status;
  const message = `the provider made no image: ${said}`;
  if (status.endsWith("Moderated"))
    return new GatewayError("upstream_invalid_request", message, { upstream: { status: 400, message, body } });
  return new GatewayError("upstream_error", message, { upstream: { status: 500, message, body } });
}
