import type { Json, JsonObject } from "../../../canonical/json.ts";
import type { ProviderFlags, TargetContext } from "../../../canonical/dialect.ts";
import { mediaAddress, mediaBytes } from "../../../canonical/media-bytes.ts";
import type { EncodedTask, TaskCodec, TaskWire } from "../../../canonical/task.ts";
import { invalidField, referenceOf, TaskFields } from "../../../canonical/task-fields.ts";
import type { ImageAnswer, ImageEditRequest } from "../../../canonical/tasks/image.ts";
import type { MediaInput } from "../../../canonical/tasks/media-input.ts";
import { warnUnsupported } from "../../../canonical/warn-unsupported.ts";
import type { Warning } from "../../../canonical/warning.ts";
import { fieldParts, filePart } from "../form-parts.ts";
import { decodeImages, encodeImageEvents, encodeImages } from "../image/answer.ts";
import { ImageEventReader } from "../image/event-reader.ts";
import { weighImages } from "../../../canonical/tasks/weigh-images.ts";
import { decodeOptions, encodeOptions } from "../image/options.ts";

const PATH = "/images/edits";

/** `POST /images/edits`, as a form or as JSON with references: https://platform.openai.com/docs/api-reference/images/createEdit */
export const imageEdit: TaskCodec<ImageEditRequest, ImageAnswer> = {
  decodeRequest,
  weigh: (request) => weighImages(request, request.prompt, request.images.length),
  encodeRequest,
  answerForm: ({ stream }) => (stream ? "events" : "whole"),
  createEventReader: (request) => new ImageEventReader(request),
  relayPath: () => PATH,
  modelInBody: true,
  decodeResponse: decodeImages,
  encodeResponse: encodeImages,
  encodeEvents: encodeImageEvents("image_edit"),
};

function decodeRequest(wire: TaskWire): ImageEditRequest {
  const fields = new TaskFields(wire);
  const options = decodeOptions(fields);
  const prompt = fields.text("prompt", true);
  const images = wire.form === null ? references(fields.value("images")) : fields.files("image");
  if (images.length === 0) throw invalidField("image", "one or several files of a multipart form");
  const mask = wire.form === null ? reference(fields.value("mask")) : fields.file("mask");
  const extensions = { openai: fields.rest() };
  return { ...options, prompt, images, ...(mask !== undefined && { mask }), extensions };
}

function references(value: Json | undefined): MediaInput[] {
  if (!Array.isArray(value) || value.length === 0)
    throw invalidField("images", "a list of objects with `image_url` or `file_id`");
  return value.map((each, at) => referenceOf(each, `images[${at}]`));
}

function reference(value: Json | undefined): MediaInput | undefined {
  return value === undefined ? undefined : referenceOf(value, "mask");
}

function encodeRequest(request: ImageEditRequest, { flags, warnings }: TargetContext): EncodedTask {
  const { images, mask, prompt } = request;
  if (flags.editImages !== undefined) return encodeAddresses(request, flags.editImages, warnings);
  if (![...images, mask].every((each) => each === undefined || each.type === "bytes"))
    return encodeJson(request, warnings);
  const name = images.length === 1 ? "image" : "image[]";
  const form = fieldParts({ ...encodeOptions(request, warnings), prompt });
  for (const [at, each] of images.entries()) form.push(filePart(name, mediaBytes(each, `image[${at}]`)));
  if (mask !== undefined) form.push(filePart("mask", mediaBytes(mask, "mask")));
  return { path: PATH, body: { form }, headers: {} };
}

type AddressForm = NonNullable<ProviderFlags["editImages"]>;

/** At hosts that take no form: addresses in JSON, files as `data:` URLs. */
function encodeAddresses(request: ImageEditRequest, form: AddressForm, warnings: Warning[]): EncodedTask {
  const { images, mask, prompt } = request;
  const addresses = images.map((each, at) => mediaAddress(each, `image[${at}]`));
  warnUnsupported(warnings, { mask });
  const json: JsonObject = { ...encodeOptions(request, warnings), prompt, ...addressFields(addresses, form, warnings) };
  return { path: PATH, body: { json }, headers: {} };
}

function addressFields(addresses: readonly string[], form: AddressForm, warnings: Warning[]): JsonObject {
  const [first = "", ...others] = addresses;
  if (form === "objects") {
    const objects = addresses.map((url) => ({ url, type: "image_url" }));
    return others.length === 0 ? { image: objects[0] ?? null } : { images: objects };
  }
  warnUnsupported(warnings, { "image[1]": others[0] });
  return { [form]: first };
}

/** With references, where not all images are files. */
function encodeJson(request: ImageEditRequest, warnings: Warning[]): EncodedTask {
  const { images, mask, prompt } = request;
  const json: JsonObject = { ...encodeOptions(request, warnings), prompt, images: images.map(encodeReference) };
  if (mask !== undefined) json["mask"] = encodeReference(mask);
  return { path: PATH, body: { json }, headers: {} };
}

function encodeReference(input: MediaInput): JsonObject {
  if (input.type === "file_id") return { file_id: input.id };
  if (input.type === "url") return { image_url: input.url };
  return { image_url: mediaAddress(input, "image") };
}
