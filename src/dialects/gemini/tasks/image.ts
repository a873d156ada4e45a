import { pixelsOf, wantedRatio } from "../../../canonical/aspect-ratio.ts";
import type { TargetContext } from "../../../canonical/dialect.ts";
import { isJsonObject, objectsOf, type JsonObject } from "../../../canonical/json.ts";
import { mediaBytes } from "../../../canonical/media-bytes.ts";
import type { EncodedTask, TaskProviderSide, TaskWireAnswer } from "../../../canonical/task.ts";
import type { ImageAnswer, ImageEditRequest, ImageOptions, ImageRequest } from "../../../canonical/tasks/image.ts";
import type { MediaInput } from "../../../canonical/tasks/media-input.ts";
import { unitUsage } from "../../../canonical/usage.ts";
import { warnForeign, warnUnsupported } from "../../../canonical/warn-unsupported.ts";
import { methodPath } from "../paths.ts";
import { decodeGenerated, nothingGenerated } from "./generated.ts";

/** https://ai.google.dev/gemini-api/docs/image-generation#aspect_ratios */
const RATIOS = ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"];
/** https://ai.google.dev/gemini-api/docs/imagen#imagen-configuration */
const IMAGEN_RATIOS = ["1:1", "3:4", "4:3", "9:16", "16:9"];

/** Images of `gemini-…-image` models by `generateContent`, of Imagen by `predict`. */
export const image: TaskProviderSide<ImageRequest, ImageAnswer> = {
  encodeRequest: (request, target) =>
    isImagen(target.model) ? encodePredict(request, target) : encodeGenerate(request, [], target),
  decodeResponse: decodeImages,
};

/** Images from others; a mask cannot go along. */
export const imageEdit: TaskProviderSide<ImageEditRequest, ImageAnswer> = {
  encodeRequest(request, target) {
    warnUnsupported(target.warnings, { mask: request.mask });
    return encodeGenerate(request, request.images, target);
  },
  decodeResponse: decodeImages,
};

function isImagen(model: string): boolean {
  return /(?:^|\/)imagen/.test(model);
}

function encodeGenerate(request: ImageRequest, images: readonly MediaInput[], target: TargetContext): EncodedTask {
  const { prompt, n = 1, extensions } = request;
  warnLost(request, target);
  warnUnsupported(target.warnings, { n: n > 1 ? n : undefined });
  const parts = [{ text: prompt }, ...images.map((each, at) => inlinePart(each, `image[${at}]`))];
  const config: JsonObject = { responseModalities: ["TEXT", "IMAGE"] };
  const ratio = wantedRatio(request, RATIOS, target.warnings);
  if (ratio !== undefined) config["imageConfig"] = { aspectRatio: ratio };
  const json = { ...extensions.gemini, contents: [{ role: "user", parts }], generationConfig: config };
  return { path: methodPath(target.model, "generateContent"), body: { json }, headers: {} };
}

/** A file in place. */
export function inlinePart(input: MediaInput, param: string): JsonObject {
  const { data, mediaType } = mediaBytes(input, param);
  return { inlineData: { mimeType: mediaType, data: Buffer.from(data).toString("base64") } };
}

function encodePredict(request: ImageRequest, target: TargetContext): EncodedTask {
  const { prompt, n, size, extensions } = request;
  warnLost(request, target);
  const parameters: JsonObject = { sampleCount: n ?? 1 };
  const ratio = wantedRatio(request, IMAGEN_RATIOS, target.warnings);
  if (ratio !== undefined) parameters["aspectRatio"] = ratio;
  const pixels = pixelsOf(size);
  if (pixels !== null && Math.max(pixels.width, pixels.height) > 1536) parameters["imageSize"] = "2K";
  const json = { ...extensions.gemini, instances: [{ prompt }], parameters };
  return { path: methodPath(target.model, "predict"), body: { json }, headers: {} };
}

function warnLost(request: ImageOptions, { warnings }: TargetContext): void {
  const { quality, format, compression, background, partialImages, endUser, extensions } = request;
  warnUnsupported(warnings, {
    quality,
    output_format: format,
    output_compression: compression,
    background: background === "auto" ? undefined : background,
    partial_images: partialImages,
    user: endUser,
  });
  warnForeign(warnings, extensions, "gemini");
}

function decodeImages(answer: TaskWireAnswer): ImageAnswer {
  const body = answer.json();
  if (isJsonObject(body) && Array.isArray(body["predictions"]))
    return decodePredictions(objectsOf(body["predictions"]));
  const generated = decodeGenerated(answer);
  const found = generated.media.filter(({ mediaType }) => mediaType.startsWith("image/"));
  if (found.length === 0) throw nothingGenerated("image", generated);
  const usage = generated.usage ?? unitUsage({ images: found.length });
  return { images: found, usage, extensions: {} };
}

/** `{predictions: [{bytesBase64Encoded, mimeType}]}`; what was filtered is left out. */
function decodePredictions(predictions: readonly JsonObject[]): ImageAnswer {
  const images = predictions.flatMap(({ bytesBase64Encoded: base64, mimeType }) => {
    if (typeof base64 !== "string") return [];
    return [{ base64, mediaType: typeof mimeType === "string" ? mimeType : "image/png" }];
  });
  if (images.length === 0) {
    const reasons = predictions.map(({ raiFilteredReason: reason }) => reason);
    const reason = reasons.find((each) => typeof each === "string") ?? "no predictions";
    throw nothingGenerated("image", { reason, text: "", media: [], usage: undefined });
  }
  return { images, usage: unitUsage({ images: images.length }), extensions: {} };
}
