import type { Citation } from "../../canonical/content.ts";
import { isJsonObject, objectOf, type Json, type JsonObject } from "../../canonical/json.ts";
import { DIALECT, objectsOf, textOf } from "./wire.ts";

/**
 * A citation of this dialect (AWS SDK: `Citation`, `CitationsDelta`). Its offsets count within the cited document, so
 * `start` and `end`, which count within the answer, stay unset; the wire object goes along in `raw`.
 */
export function decodeCitation(wire: JsonObject): Citation {
  const citation: Citation = { type: typeOf(wire), raw: { dialect: DIALECT, value: wire } };
  const url = textOf(objectOf(objectOf(wire["location"])["web"])["url"]) || linkOf(wire["source"]);
  const title = textOf(wire["title"]);
  const cited = objectsOf(wire["sourceContent"]).map((content) => textOf(content["text"]));
  if (url !== "") citation.url = url;
  if (title !== "") citation.title = title;
  if (cited.length > 0) citation.citedText = cited.join("");
  return citation;
}

function linkOf(source: Json | undefined): string {
  const text = textOf(source);
  return /^https?:\/\//.test(text) ? text : "";
}

function typeOf(wire: JsonObject): Citation["type"] {
  const location = objectOf(wire["location"]);
  if (isJsonObject(location["web"]) || isJsonObject(location["searchResultLocation"])) return "url";
  return Object.keys(location).some((name) => name.startsWith("document")) ? "document" : "other";
}

/** A citation for a client: the wire object if it was ours, else its nearest form. */
export function encodeCitation(citation: Citation): JsonObject {
  if (citation.raw?.dialect === DIALECT) return citation.raw.value;
  const { url, title, citedText } = citation;
  const domain = url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
  return {
    ...(title !== undefined && { title }),
    ...(citedText !== undefined && { sourceContent: [{ text: citedText }] }),
    ...(url !== undefined && { location: { web: { url, ...(domain !== undefined && { domain }) } } }),
  };
}

/** True when the API takes the citation back: it knows those of its own. */
export function isReturnable({ raw }: Citation): boolean {
  return raw?.dialect === DIALECT;
}
