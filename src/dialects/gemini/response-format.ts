import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { ResponseFormat } from "../../canonical/request.ts";
import { camelFields, readObject, readString } from "./read.ts";

/** Where a request keeps `generationConfig.responseFormat` that its canonical format says in full. */
export const SAID_FORMAT = "trunkline:responseFormat";

const TEXT_FIELDS: ReadonlySet<string> = new Set(["mimeType", "schema"]);

export interface DecodedFormat {
  format: ResponseFormat;
  /** It says nothing of sound, images or video, which the canonical form has no name for. */
  isAll: boolean;
}

/**
 * Decodes `responseFormat` (`ResponseFormat` and `TextResponseFormat` in the typings), newer than `responseMimeType` and
 * `responseJsonSchema`: a list of formats or one, whose media type is spelled as such or as an enum's name
 * (https://ai.google.dev/gemini-api/docs/structured-output). Undefined when it has no text.
 */
export function decodeResponseFormat(wire: Json | undefined): DecodedFormat | undefined {
  const entries = (Array.isArray(wire) ? wire : [wire]).filter(isJsonObject);
  const found = entries.map((entry) => readObject(entry, "text")).find((text) => text !== undefined);
  const format = found === undefined ? undefined : decodeText(camelFields(found, TEXT_FIELDS));
  if (format === undefined) return undefined;
  return { format, isAll: entries.every((entry) => Object.keys(entry).every((key) => key === "text")) };
}

function decodeText(text: JsonObject): ResponseFormat | undefined {
  const type = readString(text, "mimeType")?.toLowerCase().replace("_", "/");
  if (type === "text/plain") return { type: "text" };
  if (type !== "application/json") return undefined;
  const schema = readObject(text, "schema");
  return schema === undefined ? { type: "json_object" } : { type: "json_schema", schema };
}
