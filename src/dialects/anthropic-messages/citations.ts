import type { Citation } from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { DIALECT, objectsOf, textOf } from "./wire.ts";
import type { Json } from "../../canonical/json.ts";

const TYPES: Record<string, Citation["type"]> = {
  web_search_result_location: "url",
  search_result_location: "url",
  char_location: "document",
  page_location: "document",
  content_block_location: "document",
};

/**
 * A citation of this dialect. Its offsets count within the cited document, so `start` and `end`, which count within the
 * answer, stay unset; the wire object goes along in `raw`, unless `encodeCitation` made it of another maker's.
 */
export function decodeCitation(wire: JsonObject): Citation {
  const citation: Citation = { type: TYPES[textOf(wire["type"])] ?? "other" };
  if (!isForeign(wire)) citation.raw = { dialect: DIALECT, value: wire };
  const url = textOf(wire["url"]) || textOf(wire["source"]);
  const title = textOf(wire["title"]) || textOf(wire["document_title"]);
  const citedText = textOf(wire["cited_text"]);
  if (url !== "") citation.url = url;
  if (title !== "") citation.title = title;
  if (citedText !== "") citation.citedText = citedText;
  return citation;
}

/** The vendor's own searches have an index, and its ranges hold at least one character (vendor SDK: `CitationCharLocation`). */
function isForeign(wire: JsonObject): boolean {
  if (wire["type"] === "web_search_result_location") return textOf(wire["encrypted_index"]) === "";
  return wire["type"] === "char_location" && wire["start_char_index"] === wire["end_char_index"];
}

/** All citations of a text block; undefined when the field is not a list of objects with something in it. */
export function decodeCitations(value: Json | undefined): Citation[] | undefined {
  const wires = objectsOf(value);
  return wires.length === 0 || wires.length !== (value as Json[]).length ? undefined : wires.map(decodeCitation);
}

/**
 * A citation for a client: the wire object if it was ours, else the nearest location type of this dialect. What only the
 * vendor can give stays empty, the index of its search and the place within a document of the request: that tells them apart
 * when they come back.
 */
export function encodeCitation(citation: Citation): JsonObject {
  if (citation.raw?.dialect === DIALECT) return citation.raw.value;
  const shared = { cited_text: citation.citedText ?? "" };
  if (citation.url !== undefined) {
    const { url, title } = citation;
    return { type: "web_search_result_location", ...shared, url, title: title ?? null, encrypted_index: "" };
  }
  return {
    type: "char_location",
    ...shared,
    document_index: 0,
    document_title: citation.title ?? null,
    file_id: null,
    start_char_index: 0,
    end_char_index: 0,
  };
}

/**
 * True when the API takes the citation back: it checks the index of a search, and refers to documents of the conversation by
 * number, neither of which foreign citations have.
 */
export function isReturnable(citation: Citation): boolean {
  return citation.raw?.dialect === DIALECT;
}
