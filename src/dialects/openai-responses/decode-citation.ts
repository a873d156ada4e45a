import type { Citation } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { DIALECT, stringOf } from "./wire.ts";

const TYPES: ReadonlyMap<string, Citation["type"]> = new Map([
  ["url_citation", "url"],
  ["file_citation", "file"],
  ["container_file_citation", "file"],
  ["file_path", "file"],
]);

/** Decodes one annotation of an `output_text` part; undefined when it is no object. The wire object is kept. */
export function decodeCitation(annotation: Json | undefined): Citation | undefined {
  if (!isJsonObject(annotation)) return undefined;
  const citation: Citation = {
    type: TYPES.get(stringOf(annotation.type) ?? "") ?? "other",
    raw: { dialect: DIALECT, value: annotation },
  };
  readPlace(annotation, citation);
  return citation;
}

function readPlace(annotation: JsonObject, citation: Citation): void {
  const { url, start_index: start, end_index: end } = annotation;
  const title = annotation.title ?? annotation.filename;
  if (typeof url === "string") citation.url = url;
  if (typeof title === "string") citation.title = title;
  if (typeof start === "number") citation.start = start;
  if (typeof end === "number") citation.end = end;
}
