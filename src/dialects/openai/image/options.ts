import { wantedRatio, warnOfLostRatio } from "../../../canonical/aspect-ratio.ts";
import { given } from "../../../canonical/given.ts";
import type { JsonObject } from "../../../canonical/json.ts";
import { warnLeftOut } from "../../../canonical/left-out.ts";
import type { TaskFields } from "../../../canonical/task-fields.ts";
import type { Warning } from "../../../canonical/warning.ts";
import type { ImageOptions } from "../../../canonical/tasks/image.ts";

/** What requests for images have in common: https://platform.openai.com/docs/api-reference/images/create */
export function decodeOptions(fields: TaskFields): ImageOptions {
  const options: ImageOptions = {
    model: fields.text("model", true),
    stream: fields.flag("stream"),
    extensions: {},
    warnings: [],
  };
  const delivery = fields.oneOf("response_format", ["url", "b64_json"]);
  Object.assign(
    options,
    given({
      n: fields.number("n", 1),
      size: fields.text("size"),
      quality: fields.text("quality"),
      format: fields.text("output_format"),
      compression: fields.number("output_compression", 0),
      background: fields.text("background"),
      delivery: delivery === undefined ? undefined : delivery === "url" ? "url" : "base64",
      partialImages: fields.number("partial_images", 0),
      endUser: fields.text("user"),
    }),
  );
  return options;
}

/** https://platform.openai.com/docs/api-reference/images/create#images-create-size */
const SIZES = new Map([
  ["1:1", "1024x1024"],
  ["3:2", "1536x1024"],
  ["2:3", "1024x1536"],
]);
/** Models that always answer in base64, and know no `response_format`. */
const ALWAYS_INLINE = /gpt-image|chatgpt-image/;

/** The wire form of the common fields; the client's further ones beneath. An aspect ratio becomes the size nearest to it. */
export function encodeOptions(request: ImageOptions, warnings: Warning[]): JsonObject {
  warnLeftOut(warnings, request, "openai", []);
  const isInline = request.delivery === "base64" && ALWAYS_INLINE.test(request.model);
  const delivery = isInline ? undefined : request.delivery;
  const { n, quality, format, compression, background, partialImages, endUser } = request;
  return {
    ...request.extensions.openai,
    model: request.model,
    ...given({
      n,
      size: encodeSize(request, warnings),
      quality,
      output_format: format,
      output_compression: compression,
      background,
      response_format: delivery === undefined ? undefined : delivery === "url" ? "url" : "b64_json",
      partial_images: partialImages,
      user: endUser,
      stream: request.stream || undefined,
    }),
  };
}

/** Sizes of any form are the provider's to judge. */
function encodeSize({ size, aspectRatio }: ImageOptions, warnings: Warning[]): string | undefined {
  if (size === undefined || size === "auto") {
    const ratio = wantedRatio({ aspectRatio }, [...SIZES.keys()], warnings);
    return ratio === undefined ? size : SIZES.get(ratio);
  }
  warnOfLostRatio({ size, aspectRatio }, warnings);
  return size;
}
