import type { TargetContext } from "../../canonical/dialect.ts";
import { wantedRatio } from "../../canonical/aspect-ratio.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { mediaBytes } from "../../canonical/media-bytes.ts";
import type { EncodedTask, FormPart, TaskProviderSide, TaskWireAnswer } from "../../canonical/task.ts";
import type { ImageAnswer, ImageEditRequest, ImageOptions, ImageRequest } from "../../canonical/tasks/image.ts";
import { unitUsage } from "../../canonical/usage.ts";
import { warnForeign, warnUnsupported } from "../../canonical/warn-unsupported.ts";
import { addWarning } from "../../canonical/warning.ts";

const RATIOS = ["16:9", "1:1", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21"];
const PATH = "/v2beta/stable-image/generate";
/** How far an image may be changed, where the request does not say: 0 keeps it, 1 makes a new one. */
const STRENGTH = "0.7";

/** `POST /v2beta/stable-image/generate/{core|ultra|sd3}`: https://platform.stability.ai/docs/api-reference#tag/Generate */
export const image: TaskProviderSide<ImageRequest, ImageAnswer> = {
  encodeRequest(request, { model, warnings }) {
    warnLost(request, { model, warnings });
    const ratio = wantedRatio(request, RATIOS, warnings);
    return encode(request, { model, warnings }, { prompt: request.prompt, aspect_ratio: ratio });
  },
  decodeResponse: (answer, request) => decodeResponse(answer, request),
};

/** The same with an image that goes in; `sd3` models only. */
export const imageEdit: TaskProviderSide<ImageEditRequest, ImageAnswer> = {
  encodeRequest(request, { model, warnings }) {
    warnLost(request, { model, warnings });
    const [first, ...others] = request.images;
    if (first === undefined) throw new GatewayError("invalid_request", "image: is missing", { param: "image" });
    warnUnsupported(warnings, {
      mask: request.mask,
      "image[1]": others[0],
      size: request.size,
      aspectRatio: request.aspectRatio,
    });
    const task = encode(
      request,
      { model, warnings },
      { prompt: request.prompt, mode: "image-to-image", strength: STRENGTH },
    );
    const { data, filename, mediaType } = mediaBytes(first, "image");
    task.form.push({ name: "image", filename, contentType: mediaType, data });
    return task;
  },
  decodeResponse: (answer, request) => decodeResponse(answer, request),
};

function warnLost(request: ImageOptions, { warnings }: Target): void {
  const { n = 1, quality, compression, background, partialImages, endUser, extensions } = request;
  warnUnsupported(warnings, {
    n: n > 1 ? n : undefined,
    quality,
    output_compression: compression,
    background: background === "auto" ? undefined : background,
    partial_images: partialImages,
    user: endUser,
  });
  warnForeign(warnings, extensions, "stability");
}

type FormTask = EncodedTask & { form: FormPart[]; body: { form: FormPart[] } };

type Target = Pick<TargetContext, "model" | "warnings">;

/** `core` and `ultra` are paths of their own; all others are models of `sd3`. */
function encode(request: ImageOptions, target: Target, own: Record<string, string | undefined>): FormTask {
  const [, kind = "sd3"] = /^(?:stable-image-)?(core|ultra)$/.exec(target.model) ?? [];
  const fields: Record<string, string | undefined> = {
    ...(kind === "sd3" && { model: target.model }),
    ...own,
    output_format: formatOf(request, kind, target),
  };
  const form: FormPart[] = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, data: Buffer.from(value) }],
  );
  return { path: `${PATH}/${kind}`, body: { form }, form, headers: { accept: "application/json" } };
}

function formatOf({ format = "png" }: ImageOptions, kind: string, { warnings }: Target): string {
  if (format !== "webp" || kind !== "sd3") return format;
  addWarning(warnings, { code: "changed_field", field: "output_format", message: "webp is not offered: png" });
  return "png";
}

function decodeResponse(answer: TaskWireAnswer, { format = "png" }: ImageOptions): ImageAnswer {
  const body = answer.json();
  const base64 = isJsonObject(body) ? body["image"] : undefined;
  if (!isJsonObject(body) || typeof base64 !== "string")
    throw new GatewayError("provider_protocol_error", "the provider's answer holds no image: it has no `image`");
  const { image: _, ...rest } = body;
  if (rest["finish_reason"] === "CONTENT_FILTERED") {
    const message = "the provider's content filter refused the image";
    throw new GatewayError("upstream_invalid_request", message, { upstream: { status: 400, message, body: rest } });
  }
  return {
    images: [{ base64, mediaType: `image/${format}` }],
    usage: unitUsage({ images: 1 }),
    extensions: { stability: rest },
  };
}
