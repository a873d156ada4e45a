import type { FilePart, ImagePart, OpaquePart, Part, Source, TextPart } from "../../canonical/content.ts";
import { isJsonObject, objectOf, type Json, type JsonObject } from "../../canonical/json.ts";
import { decodeCitation } from "./citations.ts";
import { mediaTypeOf } from "./formats.ts";
import { blockExtensions, leftover } from "./own-fields.ts";
import { DIALECT, memberOf, objectsOf, textOf, type WireBlock } from "./wire.ts";

/** Reads a block's member; `undefined` as an answer means that the block does not fit after all. */
type Decoder = (inner: Json | undefined, block: WireBlock) => Part | undefined;

/** Block members that a content part stands for (AWS SDK: `ContentBlock`, `ToolResultContentBlock`). */
const DECODERS: Readonly<Record<string, Decoder>> = {
  text: decodeText,
  image: decodeMedia("image"),
  video: decodeMedia("video"),
  audio: decodeMedia("audio"),
  document: decodeDocument,
  searchResult: decodeSearchResult,
  citationsContent: decodeCitationsContent,
  guardContent: decodeGuardContent,
  json: decodeJson,
};

/** The content part of a block; undefined for blocks that are an item of their own or are not known. */
export function decodePart(block: WireBlock): Part | undefined {
  const member = memberOf(block, DECODERS);
  return member === undefined ? undefined : DECODERS[member]?.(block[member], block);
}

/** The block as it is, for places where only a part can stand. */
export function opaquePart(block: WireBlock): OpaquePart {
  return { type: "opaque", dialect: DIALECT, value: block };
}

function decodeText(text: Json | undefined, block: WireBlock): TextPart | undefined {
  if (typeof text !== "string") return undefined;
  return withOwn({ type: "text", text }, block, "text", undefined);
}

function withOwn<P extends Part>(part: P, block: WireBlock, member: string, within: JsonObject | undefined): P {
  const extensions = blockExtensions(block, member, within);
  return extensions === undefined ? part : { ...part, extensions };
}

type Located = { source: Source; rest: JsonObject | undefined };

/** Where bytes come from: in place, or an object in S3, whose owner only this wire knows (AWS SDK: `S3Location`). */
function decodeSource(wire: Json | undefined): Located | undefined {
  const { bytes, s3Location, ...others } = objectOf(wire);
  if (Object.keys(others).length > 0) return undefined;
  if (typeof bytes === "string" && s3Location === undefined)
    return { source: { type: "base64", data: bytes }, rest: undefined };
  const location = objectOf(s3Location);
  if (typeof location["uri"] !== "string" || bytes !== undefined) return undefined;
  const isPlain = Object.keys(location).length === 1;
  return { source: { type: "url", url: location["uri"] }, rest: isPlain ? undefined : { source: objectOf(wire) } };
}

const MEDIA_FIELDS = new Set(["format", "source"]);

function decodeMedia(medium: "image" | "video" | "audio"): Decoder {
  return (inner, block) => {
    if (!isJsonObject(inner) || typeof inner["format"] !== "string") return undefined;
    const located = decodeSource(inner["source"]);
    if (located === undefined) return undefined;
    const part = { type: medium, source: located.source, mediaType: mediaTypeOf(medium, inner["format"]) };
    const within = merged(leftover(inner, MEDIA_FIELDS), located.rest);
    return withOwn(part as ImagePart, block, medium, within);
  };
}

function merged(left: JsonObject | undefined, right: JsonObject | undefined): JsonObject | undefined {
  return left === undefined ? right : right === undefined ? left : { ...left, ...right };
}

const DOCUMENT_FIELDS = [
  ["format", "mediaType"],
  ["name", "title"],
  ["context", "context"],
  ["citations", "citations"],
] as const;

function decodeDocument(inner: Json | undefined, block: WireBlock): FilePart | undefined {
  if (!isJsonObject(inner)) return undefined;
  const { text, content } = objectOf(inner["source"]);
  const located = documentSource(inner["source"], text, content);
  if (located === undefined) return undefined;
  const part: FilePart = { type: "file", source: located.source };
  const taken = new Set(["source"]);
  const { format, name, context, citations } = inner;
  if (typeof format === "string") part.mediaType = mediaTypeOf("document", format);
  if (typeof name === "string") part.title = name;
  if (typeof context === "string") part.context = context;
  const { enabled } = objectOf(citations);
  if (typeof enabled === "boolean" && Object.keys(objectOf(citations)).length === 1) part.citations = enabled;
  for (const [field, key] of DOCUMENT_FIELDS) if (part[key] !== undefined) taken.add(field);
  return withOwn(part, block, "document", merged(leftover(inner, taken), located.rest));
}

/** Text in place; nested content is text too, and the wire's own form of it goes along. */
function documentSource(
  wire: Json | undefined,
  text: Json | undefined,
  content: Json | undefined,
): Located | undefined {
  const isOnly = Object.keys(objectOf(wire)).length === 1;
  if (typeof text === "string" && isOnly) return { source: { type: "text", text }, rest: undefined };
  if (!Array.isArray(content) || !isOnly) return decodeSource(wire);
  return { source: { type: "text", text: nestedText(content) }, rest: { source: objectOf(wire) } };
}

/** The text of nested content: the text of its blocks, with an empty line between them. */
export function nestedText(content: Json | undefined): string {
  return objectsOf(content)
    .map((block) => textOf(block["text"]))
    .filter((text) => text !== "")
    .join("\n\n");
}

/** A search result is a text document whose own fields wait in the extensions. */
function decodeSearchResult(inner: Json | undefined, block: WireBlock): FilePart | undefined {
  if (!isJsonObject(inner) || !Array.isArray(inner["content"])) return undefined;
  const part: FilePart = { type: "file", source: { type: "text", text: nestedText(inner["content"]) } };
  if (typeof inner["title"] === "string") part.title = inner["title"];
  const { enabled } = objectOf(inner["citations"]);
  if (typeof enabled === "boolean") part.citations = enabled;
  return withOwn(part, block, "searchResult", inner);
}

/** Text with its sources (AWS SDK: `CitationsContentBlock`). Text in several pieces keeps them in the extensions. */
function decodeCitationsContent(inner: Json | undefined, block: WireBlock): TextPart | undefined {
  if (!isJsonObject(inner)) return undefined;
  const pieces = objectsOf(inner["content"]);
  const text = pieces.map((piece) => textOf(piece["text"])).join("");
  const citations = objectsOf(inner["citations"]).map(decodeCitation);
  const isPlain = pieces.length === 1 && Object.keys(inner).length === 2 && citations.length > 0;
  const part: TextPart = { type: "text", text, ...(citations.length > 0 && { citations }) };
  return withOwn(part, block, "citationsContent", isPlain ? undefined : inner);
}

/** What a guardrail is to look at is ordinary content to every other reader. */
function decodeGuardContent(inner: Json | undefined, block: WireBlock): Part | undefined {
  if (!isJsonObject(inner)) return undefined;
  const text = objectOf(inner["text"])["text"];
  if (typeof text === "string") return withOwn({ type: "text", text }, block, "guardContent", inner);
  const image = isJsonObject(inner["image"]) ? decodePart({ image: inner["image"] }) : undefined;
  return image?.type === "image" ? withOwn(image, block, "guardContent", inner) : undefined;
}

/** A tool's result as JSON is text to every other reader. */
function decodeJson(inner: Json | undefined, block: WireBlock): TextPart | undefined {
  if (inner === undefined) return undefined;
  return withOwn({ type: "text", text: JSON.stringify(inner) }, block, "json", { value: inner });
}
