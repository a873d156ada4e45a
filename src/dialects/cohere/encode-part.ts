import type { FilePart, ImagePart, Part, TextPart } from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn } from "./encode-context.ts";
import { markedDocument, wireFields } from "./own-fields.ts";
import { DIALECT } from "./wire.ts";

/** Where a part stands: images come from users only, documents from users and tools. */
export type Place = "system" | "user" | "assistant" | "tool";

/**
 * The block of a part; undefined when it has none here: documents of users stand beside the messages, and what the API does
 * not take is left out with a warning.
 */
export function encodePart(part: Part, place: Place, context: EncodeContext): JsonObject | undefined {
  noteCache(part, context);
  switch (part.type) {
    case "text":
      return encodeText(part, context);
    case "refusal":
      return part.text === "" ? undefined : { type: "text", text: part.text };
    case "image":
      return encodeImage(part, place, context);
    case "file":
      return encodeFile(part, place, context);
    case "opaque":
      return part.dialect === DIALECT ? part.value : drop(`${part.dialect} content`, place, context);
    default:
      return drop(part.type, place, context);
  }
}

function noteCache(part: Part, context: EncodeContext): void {
  if ("cache" in part && part.cache !== undefined) {
    warn(context, "unsupported_field", "cache_control", "caching is automatic: markers were left out");
  }
}

function drop(what: string, place: Place, context: EncodeContext): undefined {
  warn(context, "dropped_content", "messages", `${what} in ${place} content was left out: the API does not take it`);
  return undefined;
}

function encodeText(part: TextPart, context: EncodeContext): JsonObject | undefined {
  if (part.opaque !== undefined) {
    warn(context, "dropped_opaque", "messages", `a signature of ${part.opaque.maker} on text was left out`);
  }
  if (part.text === "" && !context.native) return undefined;
  return { type: "text", text: part.text, ...wireFields(part.extensions) };
}

/** https://docs.cohere.com/docs/image-inputs: addresses and data URLs. */
function encodeImage(part: ImagePart, place: Place, context: EncodeContext): JsonObject | undefined {
  if (place !== "user" && place !== "tool") return drop("an image", place, context);
  const { source, mediaType = "image/png" } = part;
  if (source.type !== "url" && source.type !== "base64") {
    warn(context, "dropped_content", "messages", "an image that lives at another provider was left out");
    return undefined;
  }
  const url = source.type === "url" ? source.url : `data:${mediaType};base64,${source.data}`;
  const image_url = { url, ...detailOf(part, context) };
  const block = { type: "image_url", image_url, ...wireFields(part.extensions) };
  if (place === "user") return block;
  warn(context, "changed_field", "tool_result.content", "an image of a tool was sent in the next user message");
  context.images.push(block);
  return undefined;
}

function detailOf({ detail }: ImagePart, context: EncodeContext): JsonObject | undefined {
  if (detail === undefined) return undefined;
  if (detail !== "original") return { detail };
  warn(context, "changed_field", "messages", "the detail level of an image was lowered to high");
  return { detail: "high" };
}

/** Files of text are documents, which the model may cite; the API takes no others. */
function encodeFile(part: FilePart, place: Place, context: EncodeContext): JsonObject | undefined {
  const own = wireFields(part.extensions);
  if (place === "tool" && own !== undefined && isJsonObject(own["document"])) return own;
  if (isImage(part)) return encodeFileImage(part, place, context);
  const text = textOfFile(part);
  if (text === undefined || (place !== "user" && place !== "tool")) {
    return drop(`a file of type ${part.mediaType ?? "unknown"}`, place, context);
  }
  const marked = markedDocument(part.extensions);
  const document = marked === undefined ? documentOf(part, text) : (marked as string | JsonObject);
  if (place === "tool") return { type: "document", document };
  context.documents.push(document);
  return undefined;
}

function isImage({ mediaType, source }: FilePart): boolean {
  return mediaType?.startsWith("image/") === true && source.type !== "text";
}

function encodeFileImage(part: FilePart, place: Place, context: EncodeContext): JsonObject | undefined {
  const { source, mediaType = "" } = part;
  return encodePart({ type: "image", source, mediaType }, place, context);
}

function textOfFile({ source, mediaType = "" }: FilePart): string | undefined {
  if (source.type === "text") return source.text;
  const isText = mediaType.startsWith("text/") || mediaType === "application/json";
  return source.type === "base64" && isText ? Buffer.from(source.data, "base64").toString() : undefined;
}

/** Keys and values of `data` are both shown to the model (vendor SDK: `Document`). */
function documentOf(part: FilePart, text: string): JsonObject {
  const title = part.title ?? part.filename;
  const data = {
    ...(title !== undefined && { title }),
    ...(part.context !== undefined && { context: part.context }),
    text,
  };
  return { data };
}
