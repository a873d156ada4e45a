import type { FilePart, ImagePart, OpaquePart, Part, TextPart } from "../../canonical/content.ts";
import { imageType } from "../../canonical/image-type.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { encodeCache } from "./cache-marker.ts";
import { encodeCitation, isReturnable } from "./citations.ts";
import { nestedText } from "./decode-part.ts";
import type { EncodeContext } from "./encode-context.ts";
import { noteBreakpoint, warn } from "./encode-context.ts";
import { guessMediaType, isImageType, isTextType } from "./media-type.ts";
import { hasShape, wireFields } from "./own-fields.ts";
import type { WireBlock } from "./wire.ts";
import { DIALECT, objectOf, objectsOf } from "./wire.ts";

/** Where a part stands: the API takes media from users and tools only. */
export type Place = "system" | "user" | "assistant" | "tool_result";

/** The block of a part; undefined when it cannot go along, with a warning unless nothing was lost. */
export function encodePart(part: Part, place: Place, context: EncodeContext): WireBlock | undefined {
  const block = encodeBare(part, place, context);
  return block && noteBreakpoint(block, context);
}

function encodeBare(part: Part, place: Place, context: EncodeContext): WireBlock | undefined {
  switch (part.type) {
    case "text":
      return encodeText(part, place, context);
    case "refusal":
      return part.text === "" ? undefined : { type: "text", text: part.text };
    case "image":
      // The document before it holds it.
      if (hasShape(part.extensions, "nested")) return undefined;
      return takesMedia(place) ? encodeImage(part, context) : drop("an image", place, context);
    case "file":
      return takesMedia(place) ? encodeFile(part, context) : drop("a file", place, context);
    case "opaque":
      return encodeOpaque(part, place, context);
    default:
      return drop(part.type, place, context);
  }
}

function takesMedia(place: Place): boolean {
  return place === "user" || place === "tool_result";
}

function drop(what: string, place: Place, context: EncodeContext): undefined {
  warn(context, "dropped_content", "messages", `the target takes no ${what.replace(/^an? /, "")} in ${place} content`);
  return undefined;
}

function cacheOf(part: Part): JsonObject | undefined {
  return "cache" in part && part.cache !== undefined ? { cache_control: encodeCache(part.cache) } : undefined;
}

/**
 * The API refuses text blocks that are empty, or white space alone, so they vanish; the spaces of its own clients' users are
 * theirs, while those of the assistant come from other models, which put them between a thought and a call.
 */
function encodeText(part: TextPart, place: Place, context: EncodeContext): WireBlock | undefined {
  if (part.opaque !== undefined && part.opaque.maker !== DIALECT) {
    warn(context, "dropped_opaque", "messages", "a signature of another maker on text was left out");
  }
  const { text } = part;
  const keepsBlanks = context.native && !(place === "assistant" && context.traits.claude);
  if ((keepsBlanks ? text : text.trim()) === "") {
    if (text !== "") warn(context, "changed_field", "messages", "texts of white space only were left out");
    return undefined;
  }
  const citations = part.citations?.filter(isReturnable);
  if (citations !== undefined && citations.length < (part.citations?.length ?? 0)) {
    warn(context, "dropped_content", "messages", "citations made by another maker were left out");
  }
  return {
    type: "text",
    text,
    ...(citations !== undefined && citations.length > 0 && { citations: citations.map(encodeCitation) }),
    ...cacheOf(part),
    ...wireFields(part.extensions),
  };
}

function encodeImage(part: ImagePart, context: EncodeContext): WireBlock | undefined {
  if (part.detail === "low" || part.detail === "high" || part.detail === "original") {
    warn(context, "unsupported_field", "messages", "the detail level of images was left out");
  }
  const source = encodeImageSource(part, context);
  return source && { type: "image", source, ...cacheOf(part), ...wireFields(part.extensions) };
}

function encodeImageSource(part: ImagePart, context: EncodeContext): JsonObject | undefined {
  const { source } = part;
  if (source.type === "url") return encodeAddress(source.url, context);
  if (source.type === "file_id") return encodeFileId(source.id, context);
  if (source.type === "text") return undefined;
  const said = part.mediaType;
  const mediaType = (context.native && said !== undefined ? said : imageType(said, source.data)) ?? "image/png";
  if (isImageType(mediaType) || context.native) return { type: "base64", media_type: mediaType, data: source.data };
  warn(context, "dropped_content", "messages", `images of type ${mediaType} are not taken`);
  return undefined;
}

const WEB = /^https?:/i;

/** Claude's hosts fetch from the web alone, not from a bucket of Google's or Amazon's (`gs://`, `s3://`). */
function encodeAddress(url: string, context: EncodeContext): JsonObject | undefined {
  if (context.native || !context.traits.claude || WEB.test(url)) return { type: "url", url };
  warn(context, "dropped_content", "messages", "media whose address is not on the web was left out");
  return undefined;
}

/** Files live at one vendor: the id of another one means nothing here. */
function encodeFileId(id: string, context: EncodeContext): JsonObject | undefined {
  if (context.native) return { type: "file", file_id: id };
  warn(context, "dropped_content", "messages", "a file that lives at another provider was left out");
  return undefined;
}

function encodeFile(part: FilePart, context: EncodeContext): WireBlock | undefined {
  const own = wireFields(part.extensions);
  const kept = own === undefined ? undefined : encodeNested(part, own);
  if (kept !== undefined) return kept;
  const media = part.mediaType ?? guessMediaType(dataOf(part), part.filename);
  if (media?.startsWith("image/") === true && part.source.type !== "text") {
    const { source, cache } = part;
    return encodeImage({ type: "image", source, mediaType: media, ...(cache !== undefined && { cache }) }, context);
  }
  const source = encodeFileSource(part, media, context);
  if (source === undefined) return undefined;
  const { type: _type, source: _source, content: _content, ...others } = own ?? {};
  const title = part.title ?? part.filename;
  return { type: "document", source, ...documentFields(part), ...(title !== undefined && { title }), ...others };
}

function documentFields(part: FilePart): JsonObject {
  return {
    ...(part.title !== undefined && { title: part.title }),
    ...(part.context !== undefined && { context: part.context }),
    ...(part.citations !== undefined && { citations: { enabled: part.citations } }),
    ...cacheOf(part),
  };
}

/** A document of nested blocks or a search result, as it came; a text that was changed since takes the place of theirs. */
function encodeNested(part: FilePart, own: JsonObject): WireBlock | undefined {
  if (part.source.type !== "text") return undefined;
  const { text } = part.source;
  const isResult = own["type"] === "search_result";
  const nested = isResult ? own["content"] : objectOf(own["source"])["content"];
  if (nested === undefined) return undefined;
  const { context, ...fields } = documentFields(part);
  const block = { type: "document", ...fields, ...(context !== undefined && !isResult && { context }), ...own };
  if (nestedText(nested) === text) return block;
  const content = withText(nested, text);
  return isResult ? { ...block, content } : { ...block, source: { ...objectOf(own["source"]), content } };
}

/** Nested blocks with one text in place of theirs. */
function withText(nested: Json, text: string): WireBlock[] {
  const others = objectsOf(nested).filter((block) => block["type"] !== "text");
  return text === "" ? others : [{ type: "text", text }, ...others];
}

function dataOf(part: FilePart): string | undefined {
  return part.source.type === "base64" ? part.source.data : undefined;
}

function encodeFileSource(part: FilePart, media: string | undefined, context: EncodeContext): JsonObject | undefined {
  const { source } = part;
  if (source.type === "url") return encodeAddress(source.url, context);
  if (source.type === "file_id") return encodeFileId(source.id, context);
  if (source.type === "text") return { type: "text", media_type: "text/plain", data: source.text };
  if (media === "application/pdf" || (context.native && media !== undefined)) {
    return { type: "base64", media_type: media, data: source.data };
  }
  if (media !== undefined && isTextType(media)) {
    return { type: "text", media_type: "text/plain", data: Buffer.from(source.data, "base64").toString() };
  }
  warn(context, "dropped_content", "messages", `files of type ${media ?? "unknown"} are not taken`);
  return undefined;
}

function encodeOpaque(part: OpaquePart, place: Place, context: EncodeContext): WireBlock | undefined {
  if (part.dialect !== DIALECT) return drop(`${part.dialect} content`, place, context);
  return { ...part.value, ...cacheOf(part) };
}
