import type { Citation } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { DIALECT, objectOf, objectsOf, textOf } from "./wire.ts";

/**
 * The canonical citations of one on this wire (vendor SDK: `Citation`): one a source. `start` and `end` count within the
 * answer's text; `text` repeats that span. All share the wire object, which an encoder of this dialect writes once.
 */
export function decodeCitation(wire: JsonObject): Citation[] {
  const raw = { dialect: DIALECT, value: wire } as const;
  const span: Pick<Citation, "start" | "end"> = {};
  if (typeof wire["start"] === "number") span.start = wire["start"];
  if (typeof wire["end"] === "number") span.end = wire["end"];
  const sources = objectsOf(wire["sources"]);
  if (sources.length === 0) return [{ type: "other", ...span, raw }];
  return sources.map((source) => ({ ...sourceOf(source), ...span, raw }));
}

const TEXT_KEYS = ["snippet", "text", "content"];

/** A source is a document of the request, or the output of a tool; both are objects with keys of the caller's choice. */
function sourceOf(source: JsonObject): Citation {
  const data = objectOf(source["document"] ?? source["tool_output"]);
  const url = textOf(data["url"]);
  const title = textOf(data["title"]) || textOf(source["id"]);
  const citedText = TEXT_KEYS.map((key) => textOf(data[key])).find((text) => text !== "");
  return {
    type: url === "" ? "document" : "url",
    ...(url !== "" && { url }),
    ...(title !== "" && { title }),
    ...(citedText !== undefined && { citedText }),
  };
}

/** The citations of a list of wire objects. */
export function decodeCitations(value: Json | undefined): Citation[] {
  return objectsOf(value).flatMap(decodeCitation);
}

/**
 * The wire form of citations of one text: those of this dialect as they came, several sources in one; others with their
 * source as a document. `text`: what they are about, as far as it is known.
 */
export function encodeCitations(citations: readonly Citation[], text: string, contentIndex: number): JsonObject[] {
  const written = new Set<JsonObject>();
  return citations.flatMap((citation) => {
    if (citation.raw?.dialect !== DIALECT) return [encodeCitation(citation, text, contentIndex)];
    const { value } = citation.raw;
    if (written.has(value)) return [];
    written.add(value);
    return [value];
  });
}

/** The wire form of a citation that another dialect brought. */
export function encodeCitation(citation: Citation, text: string, contentIndex: number): JsonObject {
  const { url, title, citedText, start, end } = citation;
  const document = {
    ...(title !== undefined && { title }),
    ...(url !== undefined && { url }),
    ...(citedText !== undefined && { text: citedText }),
  };
  return {
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    text: start !== undefined && end !== undefined ? text.slice(start, end) : "",
    sources: [{ type: "document", id: url ?? title ?? "", document }],
    type: "TEXT_CONTENT",
    content_index: contentIndex,
  };
}
