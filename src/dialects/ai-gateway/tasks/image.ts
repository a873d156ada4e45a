import type { TargetContext } from "../../../canonical/dialect.ts";
import { GatewayError } from "../../../canonical/errors.ts";
import { given } from "../../../canonical/given.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import { mediaBytes } from "../../../canonical/media-bytes.ts";
import type { EncodedAnswer, EncodedTask, TaskCodec, TaskWire, TaskWireAnswer } from "../../../canonical/task.ts";
import { invalidField, TaskFields } from "../../../canonical/task-fields.ts";
import type { ImageAnswer, ImageEditRequest, ImageRequest } from "../../../canonical/tasks/image.ts";
import type { MediaInput } from "../../../canonical/tasks/media-input.ts";
import { weighImages } from "../../../canonical/tasks/weigh-images.ts";
import { emptyUsage, tokenCount, unitUsage, type Usage } from "../../../canonical/usage.ts";
import { warnForeign, warnUnsupported } from "../../../canonical/warn-unsupported.ts";
import { faultToError } from "../errors.ts";
import { AI_GATEWAY, textOf } from "../wire.ts";
import { modelHeaders, modelIn, protocolError } from "./model-headers.ts";
import { OpenAiOptions } from "./openai-options.ts";
import { encodeProviderOptions } from "./provider-options.ts";

const PATH = "/image-model";
const headersFor = (model: string): Record<string, string> => modelHeaders("image", model);

const COMMON = {
  relayPath: () => PATH,
  relayHeaders: headersFor,
  modelInBody: false,
  decodeResponse,
  encodeResponse,
} as const;

/** `gateway-image-model.ts` of @ai-sdk/gateway 3.0. */
export const image: TaskCodec<ImageRequest, ImageAnswer> = {
  ...COMMON,
  decodeRequest: (wire) => decodeRequest(wire).request,
  weigh: (request) => weighImages(request, request.prompt, 0),
  encodeRequest: (request, target) => encodeRequest(request, target, {}),
};

/** The same with files, which stand in the same body. */
export const imageEdit: TaskCodec<ImageEditRequest, ImageAnswer> = {
  ...COMMON,
  decodeRequest(wire) {
    const { request, files, mask } = decodeRequest(wire);
    if (files.length === 0) throw invalidField("files", "a list of files");
    return { ...request, images: files, ...(mask !== undefined && { mask }) };
  },
  weigh: (request) => weighImages(request, request.prompt, request.images.length),
  encodeRequest(request, target) {
    const files = request.images.map((each, at) => encodeFile(each, `image[${at}]`));
    const mask = request.mask === undefined ? {} : { mask: encodeFile(request.mask, "mask") };
    return encodeRequest(request, target, { files, ...mask });
  },
};

interface Decoded {
  request: ImageRequest;
  files: MediaInput[];
  mask?: MediaInput;
}

function decodeRequest(wire: TaskWire): Decoded {
  const fields = new TaskFields(wire);
  const options = new OpenAiOptions(wire);
  const files = fields.value("files") ?? [];
  const mask = fields.value("mask");
  if (!Array.isArray(files)) throw invalidField("files", "a list of files");
  const request: ImageRequest = {
    model: modelIn(wire),
    stream: false,
    prompt: fields.text("prompt") ?? "",
    // Its clients read nothing else.
    delivery: "base64",
    extensions: {},
    warnings: [],
    ...given({
      n: fields.number("n", 1),
      size: fields.text("size"),
      aspectRatio: fields.text("aspectRatio"),
      quality: options.text("quality"),
      format: options.text("outputFormat"),
      background: options.text("background"),
      endUser: options.text("user"),
    }),
  };
  fields.value("providerOptions");
  request.extensions = { [AI_GATEWAY]: { ...fields.rest(), ...options.rest() } };
  return {
    request,
    files: files.map((file, at) => fileOf(file, `files[${at}]`)),
    ...(mask !== undefined && { mask: fileOf(mask, "mask") }),
  };
}

/** `{type: "url", url}` or `{type: "file", mediaType, data}` with base64. */
function fileOf(file: Json, param: string): MediaInput {
  const { type, url, data, mediaType } = isJsonObject(file) ? file : {};
  if (type === "url" && typeof url === "string") return { type: "url", url };
  if (typeof data !== "string") throw invalidField(param, "a file with `data` or a `url`");
  const kind = textOf(mediaType) ?? "image/png";
  const filename = `image.${/^image\/(\w{1,10})$/.exec(kind)?.[1] ?? "png"}`;
  return { type: "bytes", data: Buffer.from(data, "base64"), filename, mediaType: kind };
}

function encodeRequest(request: ImageRequest, target: TargetContext, files: JsonObject): EncodedTask {
  const { prompt, n = 1, size, aspectRatio, quality, format, background, endUser, extensions } = request;
  const { compression, partialImages } = request;
  warnUnsupported(target.warnings, { output_compression: compression, partial_images: partialImages });
  warnForeign(target.warnings, extensions, AI_GATEWAY);
  const openai = given({ quality, outputFormat: format, background, user: endUser });
  const json: JsonObject = {
    ...extensions[AI_GATEWAY],
    ...encodeProviderOptions({ openai }, extensions[AI_GATEWAY]),
    prompt,
    n,
    ...given({ size, aspectRatio }),
    ...files,
  };
  return { path: PATH, body: { json }, headers: headersFor(target.model) };
}

function encodeFile(input: MediaInput, param: string): JsonObject {
  if (input.type === "url" && !input.url.startsWith("data:")) return { type: "url", url: input.url };
  const { data, mediaType } = mediaBytes(input, param);
  return { type: "file", mediaType, data: Buffer.from(data).toString("base64") };
}

function decodeResponse(answer: TaskWireAnswer): ImageAnswer {
  const body = answer.json();
  if (isJsonObject(body) && body["error"] != null) throw faultToError(body["error"]);
  const list = isJsonObject(body) ? body["images"] : undefined;
  if (!isJsonObject(body) || !Array.isArray(list)) throw protocolError("it has no `images`");
  const images = list.map((base64) => {
    if (typeof base64 !== "string") throw protocolError("an image is no text");
    return { base64 };
  });
  return { images, usage: usageOf(body["usage"]) ?? unitUsage({ images: images.length }), extensions: {} };
}

function usageOf(usage: Json | undefined): Usage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const inputTokens = tokenCount(usage["inputTokens"]);
  const outputTokens = tokenCount(usage["outputTokens"]);
  return inputTokens + outputTokens === 0 ? undefined : { ...emptyUsage(), inputTokens, outputTokens };
}

/** Images are base64 there; the gateway fetches none that a provider left at an address. */
function encodeResponse({ images, usage }: ImageAnswer): EncodedAnswer {
  const list = images.map(({ base64 }) => {
    if (base64 !== undefined) return base64;
    const message = "the provider answers with an address, which the AI SDK's gateway protocol has no place for";
    throw new GatewayError("unsupported_operation", message);
  });
  const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
  const counted = inputTokens + outputTokens > 0 && {
    usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
  };
  return { contentType: "application/json", body: JSON.stringify({ images: list, warnings: [], ...counted }) };
}
