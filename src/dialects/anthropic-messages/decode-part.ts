import type {
  CacheMarker,
  Extensions,
  FilePart,
  ImagePart,
  OpaquePart,
  Part,
  Source,
  TextPart,
} from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { decodeCache } from "./cache-marker.ts";
import { decodeCitations } from "./citations.ts";
import { leftover, markShape } from "./own-fields.ts";
import type { WireBlock } from "./wire.ts";
import { DIALECT, objectOf, objectsOf, textOf } from "./wire.ts";

type Decoder = (block: WireBlock) => Part | undefined;

/** Block types that a content part stands for; `undefined` as an answer means that the block does not fit after all. */
const DECODERS: Record<string, Decoder> = {
  text: decodeText,
  image: decodeImage,
  document: decodeDocument,
  search_result: decodeSearchResult,
};

/** The content part of a block; undefined for blocks that are an item of their own or are not known. */
export function decodePart(block: WireBlock): Part | undefined {
  const type = textOf(block["type"]);
  return Object.hasOwn(DECODERS, type) ? DECODERS[type]?.(block) : undefined;
}

const NO_IMAGES: readonly ImagePart[] = [];

/**
 * The images within a document of nested blocks, to follow its part. The document keeps them for this wire; models of others
 * see them as parts of their own.
 */
export function nestedImages(block: WireBlock): readonly ImagePart[] {
  if (block["type"] !== "document") return NO_IMAGES;
  const source = objectOf(block["source"]);
  if (source["type"] !== "content") return NO_IMAGES;
  return objectsOf(source["content"]).flatMap((nested) => {
    const image = nested["type"] === "image" ? decodeImage(nested) : undefined;
    if (image === undefined) return [];
    markShape(image, "nested");
    return [image];
  });
}

/** The block as it is, for places where only a part can stand. */
export function opaquePart(block: WireBlock): OpaquePart {
  return { type: "opaque", dialect: DIALECT, value: block };
}

/** The cache marker and the unnamed fields of a block; `taken` receives `cache_control` when it was understood. */
function trimmings(block: WireBlock, taken: Set<string>): { cache?: CacheMarker; extensions?: Extensions } {
  const cache = decodeCache(block["cache_control"]);
  if (cache !== undefined) taken.add("cache_control");
  const extensions = leftover(block, taken);
  return { ...(cache !== undefined && { cache }), ...(extensions !== undefined && { extensions }) };
}

function decodeText(block: WireBlock): TextPart | undefined {
  const text = block["text"];
  if (typeof text !== "string") return undefined;
  if (Object.keys(block).length === 2) return { type: "text", text };
  const taken = new Set(["type", "text"]);
  const citations = decodeCitations(block["citations"]);
  if (citations !== undefined) taken.add("citations");
  return { type: "text", text, ...(citations !== undefined && { citations }), ...trimmings(block, taken) };
}

type DecodedSource = { source: Source; mediaType?: string } | undefined;

/** Source types by their wire fields; `text` is for documents only. */
const SOURCES: Record<string, (wire: JsonObject) => DecodedSource> = {
  base64: ({ data, media_type: mediaType }) =>
    typeof data === "string" && typeof mediaType === "string"
      ? { source: { type: "base64", data }, mediaType }
      : undefined,
  url: ({ url }) => (typeof url === "string" ? { source: { type: "url", url } } : undefined),
  file: ({ file_id: id }) => (typeof id === "string" ? { source: { type: "file_id", id } } : undefined),
};
const DOCUMENT_SOURCES: typeof SOURCES = {
  ...SOURCES,
  text: ({ data, media_type: mediaType }) =>
    typeof data === "string" && typeof mediaType === "string"
      ? { source: { type: "text", text: data }, mediaType }
      : undefined,
};
const SOURCE_FIELDS = new Set(["type", "data", "media_type", "url", "file_id"]);

/** A source whose every field the canonical form names; undefined for any other. */
function decodeSource(wire: JsonObject, sources: typeof SOURCES): DecodedSource {
  const type = textOf(wire["type"]);
  if (!Object.hasOwn(sources, type) || Object.keys(wire).some((key) => !SOURCE_FIELDS.has(key))) return undefined;
  return sources[type]?.(wire);
}

function decodeImage(block: WireBlock): ImagePart | undefined {
  if (!isJsonObject(block["source"])) return undefined;
  const source = decodeSource(block["source"], SOURCES);
  return source && { type: "image", ...source, ...trimmings(block, new Set(["type", "source"])) };
}

function decodeDocument(block: WireBlock): FilePart | undefined {
  const wire = block["source"];
  if (!isJsonObject(wire)) return undefined;
  const source = decodeSource(wire, DOCUMENT_SOURCES);
  if (source !== undefined)
    return { type: "file", ...source, ...decodeDocumentFields(block, new Set(["type", "source"])) };
  if (wire["type"] !== "content") return undefined;
  return {
    type: "file",
    source: { type: "text", text: nestedText(wire["content"]) },
    ...decodeDocumentFields(block, new Set(["type"])),
  };
}

/** A search result is a text document whose own fields wait in the extensions: see `encodeNested`. Its address is its context. */
function decodeSearchResult(block: WireBlock): FilePart | undefined {
  if (!Array.isArray(block["content"])) return undefined;
  const address = textOf(block["source"]);
  return {
    type: "file",
    source: { type: "text", text: nestedText(block["content"]) },
    ...decodeDocumentFields(block, new Set()),
    ...(address !== "" && { context: address }),
  };
}

function decodeDocumentFields(block: WireBlock, taken: Set<string>): Omit<FilePart, "type" | "source"> {
  const fields: Omit<FilePart, "type" | "source"> = {};
  const { title, context, citations } = block;
  if (typeof title === "string") fields.title = title;
  if (typeof context === "string") fields.context = context;
  if (isJsonObject(citations) && typeof citations["enabled"] === "boolean" && Object.keys(citations).length === 1) {
    fields.citations = citations["enabled"];
  }
  for (const name of ["title", "context", "citations"] as const) if (fields[name] !== undefined) taken.add(name);
  return { ...fields, ...trimmings(block, taken) };
}

/** The text of nested content: a string, or blocks of which only the text ones have any. */
export function nestedText(content: WireBlock[string]): string {
  if (typeof content === "string") return content;
  return objectsOf(content)
    .map((block) => textOf(block["text"]))
    .filter((text) => text !== "")
    .join("\n\n");
}
