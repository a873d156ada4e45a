import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { EncodedAnswer, TaskReply, TaskWireAnswer } from "../../../canonical/task.ts";
import type { ImageAnswer, ImageOptions, MadeImage } from "../../../canonical/tasks/image.ts";
import { unitUsage } from "../../../canonical/usage.ts";
import { sseEvent } from "../../../lib/sse-write.ts";
import { decodeMediaUsage, encodeMediaUsage } from "../media-usage.ts";

/**
 * Reads `{created, data: [{b64_json | url, revised_prompt}], usage}` (https://platform.openai.com/docs/api-reference/images/object);
 * SiliconFlow calls the list `images`.
 */
export function decodeImages(answer: TaskWireAnswer): ImageAnswer {
  const body = answer.json();
  const list = isJsonObject(body) ? (body["data"] ?? body["images"]) : undefined;
  if (!isJsonObject(body) || !Array.isArray(list)) throw protocolError("it has no `data`");
  const { data: _, images: __, usage, ...rest } = body;
  return {
    images: list.map(decodeImage),
    usage: decodeMediaUsage(usage) ?? { ...unitUsage({ images: list.length }), raw: usage },
    extensions: { openai: rest },
  };
}

function decodeImage(entry: Json | undefined, at: number): MadeImage {
  const image: MadeImage = {};
  if (isJsonObject(entry)) {
    const { b64_json: base64, url, revised_prompt: prompt } = entry;
    if (typeof base64 === "string") image.base64 = base64;
    if (typeof url === "string") image.url = url;
    if (typeof prompt === "string") image.revisedPrompt = prompt;
  }
  if (image.base64 === undefined && image.url === undefined) throw protocolError(`data[${at}] has no image`);
  return image;
}

function protocolError(what: string): GatewayError {
  return new GatewayError("provider_protocol_error", `the provider's answer holds no images: ${what}`);
}

/** Writes an answer. An image that came in place is sent as an address, in a `data:` URL, to a client that asked for addresses. */
export function encodeImages(answer: ImageAnswer, { request, createdAt }: TaskReply<ImageOptions>): EncodedAnswer {
  const usage = encodeMediaUsage(answer.usage);
  const body: JsonObject = {
    created: createdAt,
    ...answer.extensions.openai,
    data: answer.images.map((image) => encodeImage(image, request.delivery === "url")),
  };
  if (usage !== undefined) body["usage"] = usage;
  return { contentType: "application/json", body: JSON.stringify(body) };
}

function encodeImage(
  { base64, url, mediaType = "image/png", revisedPrompt }: MadeImage,
  wantsUrl: boolean,
): JsonObject {
  const image: JsonObject = {};
  if (url !== undefined) image["url"] = url;
  else if (wantsUrl) image["url"] = `data:${mediaType};base64,${base64 ?? ""}`;
  else image["b64_json"] = base64;
  if (revisedPrompt !== undefined) image["revised_prompt"] = revisedPrompt;
  return image;
}

/** The events that end a stream, one an image: `image_generation.completed` or `image_edit.completed`. */
export function encodeImageEvents(kind: "image_generation" | "image_edit") {
  return (answer: ImageAnswer, { request, createdAt }: TaskReply<ImageOptions>): string => {
    const usage = encodeMediaUsage(answer.usage);
    const type = `${kind}.completed`;
    const events = answer.images.map((image) =>
      sseEvent(
        type,
        JSON.stringify({
          type,
          ...encodeImage(image, false),
          created_at: createdAt,
          size: request.size ?? "auto",
          quality: request.quality ?? "auto",
          background: request.background ?? "auto",
          output_format: formatOf(image, request),
          ...(usage !== undefined && { usage }),
        }),
      ),
    );
    return events.join("");
  };
}

function formatOf({ mediaType }: MadeImage, { format = "png" }: ImageOptions): string {
  return mediaType?.startsWith("image/") === true ? mediaType.slice("image/".length) : format;
}
