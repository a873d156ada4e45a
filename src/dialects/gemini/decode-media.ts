import type { Extensions, Part, Source } from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { camelFields, readObject, readString, restOf } from "./read.ts";
import { BLOB_FIELDS, FILE_DATA_FIELDS, type WirePart } from "./wire.ts";

const BLOB_TAKEN = new Set(["mimeType", "data"]);
const FILE_TAKEN = new Set(["mimeType", "fileUri"]);
const PART_TAKEN = new Set(["inlineData", "fileData"]);

/** URIs of the Gemini Files API; only Gemini can read them (https://ai.google.dev/api/files). */
const FILES_API = /\/v1\w*\/files\/[^/]+$/;

interface Media {
  source: Source;
  mediaType?: string;
  extensions?: Extensions;
}

/**
 * Decodes a Part with `inlineData` or `fileData`. What stands beside the bytes (`videoMetadata`, `mediaResolution`,
 * `displayName`, a signature, …) is kept in `extensions.gemini`. Undefined when the part has neither.
 */
export function decodeMedia(part: WirePart): Part | undefined {
  const media = decodeBlob(part) ?? decodeFileData(part);
  if (media === undefined) return undefined;
  return { type: mediaKind(media.mediaType), ...media };
}

/** The kind of part that a media type calls for. */
function mediaKind(mediaType: string | undefined): "image" | "audio" | "video" | "file" {
  const major = mediaType?.split("/", 1)[0];
  return major === "image" || major === "audio" || major === "video" ? major : "file";
}

function decodeBlob(part: WirePart): Media | undefined {
  const wire = readObject(part, "inlineData");
  if (wire === undefined) return undefined;
  const blob = camelFields(wire, BLOB_FIELDS);
  const data = readString(blob, "data");
  if (data === undefined) return undefined;
  const source: Source = { type: "base64", data: plainBase64(data) };
  return finish(source, readString(blob, "mimeType"), part, "inlineData", restOf(blob, BLOB_TAKEN));
}

/**
 * Base64 in the standard alphabet, which is all that other vendors read. Proto JSON takes the URL-safe one too, and the Python SDK
 * writes it (`encode_unserializable_types` in google/genai/_common.py).
 */
function plainBase64(data: string): string {
  if (!data.includes("-") && !data.includes("_")) return data;
  return data.replaceAll("-", "+").replaceAll("_", "/");
}

function decodeFileData(part: WirePart): Media | undefined {
  const wire = readObject(part, "fileData");
  if (wire === undefined) return undefined;
  const file = camelFields(wire, FILE_DATA_FIELDS);
  const uri = readString(file, "fileUri");
  if (uri === undefined) return undefined;
  const source: Source = FILES_API.test(uri) ? { type: "file_id", id: uri } : { type: "url", url: uri };
  return finish(source, readString(file, "mimeType"), part, "fileData", restOf(file, FILE_TAKEN));
}

function finish(source: Source, type: string | undefined, part: WirePart, key: string, inner?: JsonObject): Media {
  const media: Media = { source };
  if (type !== undefined) media.mediaType = type;
  const outer = restOf(part, PART_TAKEN);
  if (outer !== undefined || inner !== undefined || type === undefined) {
    const kept = outer ?? {};
    if (inner !== undefined) kept[key] = inner;
    media.extensions = { gemini: kept };
  }
  return media;
}
