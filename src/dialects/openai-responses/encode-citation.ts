import type { Citation } from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { DIALECT } from "./wire.ts";

/**
 * The annotation of a citation: the wire object that it came from, or a `url_citation`, or, for documents without a
 * URL, a `file_citation` with the document's title as file name. `textLength` places a citation whose maker gave no
 * offsets: over all of the text before it.
 */
export function encodeCitation(citation: Citation, textLength: number): JsonObject {
  if (citation.raw?.dialect === DIALECT) return citation.raw.value;
  if (citation.url === undefined) return fileCitation(citation, textLength);
  return {
    type: "url_citation",
    url: citation.url,
    title: citation.title ?? "",
    start_index: citation.start ?? 0,
    end_index: citation.end ?? textLength,
  };
}

function fileCitation(citation: Citation, textLength: number): JsonObject {
  return {
    type: "file_citation",
    file_id: "",
    filename: citation.title ?? "",
    index: citation.end ?? textLength,
    ...(citation.citedText !== undefined && { quote: citation.citedText }),
  };
}
