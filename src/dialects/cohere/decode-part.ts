import type { FilePart, ImagePart, Part, TextPart } from "../../canonical/content.ts";
import { inlineData } from "../../canonical/data-url.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { fileOf } from "./decode-documents.ts";
import { leftover } from "./own-fields.ts";
import { refuse } from "./refuse.ts";
import { DIALECT, objectOf, textOf } from "./wire.ts";

type Decoder = (block: JsonObject) => Part | undefined;

/** Content blocks of users, systems and tools (vendor SDK: `Content`, `ToolContent`). */
const DECODERS: Record<string, Decoder> = {
  text: decodeText,
  image_url: decodeImage,
  document: decodeDocument,
};

/** The parts of a list of content blocks; a block of another type stays as it is. */
export function decodeParts(blocks: readonly Json[], place: string): Part[] {
  return blocks.map((block, at) => {
    if (!isJsonObject(block)) refuse(`${place}[${at}]`, "must be a content block");
    const type = textOf(block["type"]);
    const part = Object.hasOwn(DECODERS, type) ? DECODERS[type]?.(block) : undefined;
    return part ?? { type: "opaque", dialect: DIALECT, value: block };
  });
}

const TEXT_FIELDS = new Set(["type", "text"]);

/** A block of text; undefined when it has none. */
export function decodeText(block: JsonObject): TextPart | undefined {
  const { text } = block;
  if (typeof text !== "string") return undefined;
  const extensions = leftover(block, TEXT_FIELDS);
  return { type: "text", text, ...(extensions !== undefined && { extensions }) };
}

const DETAILS: ReadonlySet<string> = new Set(["auto", "low", "high"]);
const IMAGE_FIELDS = new Set(["type", "image_url"]);
const URL_FIELDS = new Set(["url", "detail"]);

/** An image by its address, or its bytes in a data URL. */
function decodeImage(block: JsonObject): ImagePart | undefined {
  const wire = objectOf(block["image_url"]);
  const { url, detail } = wire;
  const isPlain = leftover(wire, URL_FIELDS) === undefined && (detail === undefined || DETAILS.has(textOf(detail)));
  if (typeof url !== "string" || !isPlain) return undefined;
  const { data, ...type } = inlineData(url) ?? {};
  const source: ImagePart["source"] = data === undefined ? { type: "url", url } : { type: "base64", data };
  const image: ImagePart = { type: "image", source, ...type };
  if (detail !== undefined) image.detail = detail as NonNullable<ImagePart["detail"]>;
  const rest = leftover(block, IMAGE_FIELDS);
  if (rest !== undefined) image.extensions = rest;
  return image;
}

/** A document within a tool's result; its block goes along for the way back. */
function decodeDocument(block: JsonObject): FilePart | undefined {
  const { document } = block;
  if (!isJsonObject(document)) return undefined;
  return { ...fileOf(document), extensions: { [DIALECT]: block } };
}
