import { given } from "../../../canonical/given.ts";
import type { JsonObject } from "../../../canonical/json.ts";
import type { TaskWeight } from "../../../canonical/task.ts";
import type { TaskFields } from "../../../canonical/task-fields.ts";
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

/** The wire form of the common fields; the client's further ones beneath. */
export function encodeOptions(request: ImageOptions): JsonObject {
  const { n, size, quality, format, compression, background, delivery, partialImages, endUser } = request;
  return {
    ...request.extensions.openai,
    model: request.model,
    ...given({
      n,
      size,
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

const CHARACTERS_PER_TOKEN = 4;
/** Tokens of a portrait image of high quality, the dearest: https://platform.openai.com/docs/guides/image-generation#cost-and-latency */
const IMAGE_TOKENS = 6240;
/** Each unfinished image of a stream (same page). */
const PARTIAL_TOKENS = 100;
/** An image that goes in, at high fidelity and 1024 by 1536: https://platform.openai.com/docs/guides/images-vision#calculating-costs */
const INPUT_IMAGE_TOKENS = 6500;

/** Worst case: output at the highest quality. */
export function weighImages({ n = 1, partialImages = 0 }: ImageOptions, prompt: string, inputs: number): TaskWeight {
  return {
    inputTokens: Math.ceil(prompt.length / CHARACTERS_PER_TOKEN) + inputs * INPUT_IMAGE_TOKENS,
    outputTokens: Math.ceil(n) * (IMAGE_TOKENS + Math.ceil(partialImages) * PARTIAL_TOKENS),
    hasImages: inputs > 0,
    units: { images: Math.ceil(n) },
  };
}
