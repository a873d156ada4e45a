import type { Citation } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { CHAT, numberOf, objectOf, textOf } from "./wire.ts";

/** Decodes one entry of `annotations`: `url_citation` (OpenAI), `file` (OpenRouter), anything else as it is. */
export function decodeAnnotation(annotation: JsonObject): Citation {
  const url = objectOf(annotation["url_citation"]);
  const made: Citation = { type: kindOf(annotation, url), raw: { dialect: CHAT, value: annotation } };
  if (url !== undefined) addUrlFields(made, url);
  else if (made.type === "file") addName(made, objectOf(annotation["file"])?.["name"]);
  return made;
}

function kindOf(annotation: JsonObject, url: JsonObject | undefined): Citation["type"] {
  if (url !== undefined) return "url";
  return annotation["type"] === "file" ? "file" : "other";
}

function addName(made: Citation, name: Json | undefined): void {
  const title = textOf(name);
  if (title !== undefined) made.title = title;
}

function addUrlFields(made: Citation, source: JsonObject): void {
  const url = textOf(source["url"]);
  const title = textOf(source["title"]);
  const content = textOf(source["content"]);
  const start = numberOf(source["start_index"]);
  const end = numberOf(source["end_index"]);
  if (url !== undefined) made.url = url;
  if (title !== undefined) made.title = title;
  if (content !== undefined) made.citedText = content;
  if (start !== undefined) made.start = start;
  if (end !== undefined) made.end = end;
}

/**
 * Decodes the sources of a whole answer, which Perplexity lists at top level: `search_results` (title, url, snippet) or
 * `citations` (bare URLs). The text refers to them as [1], [2], …, so they carry no offsets.
 */
export function decodeSources(answer: JsonObject): Citation[] {
  const results = Array.isArray(answer["search_results"]) ? answer["search_results"].filter(isJsonObject) : [];
  if (results.length > 0) return results.map(decodeResult);
  if (!Array.isArray(answer["citations"])) return [];
  const urls = answer["citations"].filter((url) => typeof url === "string" && url !== "");
  return urls.map((url) => decodeResult({ url }));
}

function decodeResult(result: JsonObject): Citation {
  const made: Citation = { type: "url", raw: { dialect: CHAT, value: { type: "search_result" } } };
  addUrlFields(made, { ...result, content: result["snippet"] });
  return made;
}

/** The text that a citation belongs to: where it begins in the message's content, and how long it is. */
export interface Span {
  from: number;
  length: number;
}

/**
 * Encodes a citation as an annotation. Nothing for those that came as the answer's list of sources, which goes out with
 * the answer's other fields, and for those without a URL, which OpenAI's only annotation type needs.
 */
export function encodeAnnotation(citation: Citation, span: Span): JsonObject | undefined {
  if (citation.raw?.dialect === CHAT) return isSource(citation) ? undefined : citation.raw.value;
  if (citation.url === undefined) return undefined;
  return {
    type: "url_citation",
    url_citation: {
      start_index: span.from + (citation.start ?? 0),
      end_index: span.from + (citation.end ?? span.length),
      title: citation.title ?? citation.url,
      url: citation.url,
      ...(citation.citedText !== undefined && { content: citation.citedText }),
    },
  };
}

/** Encodes a citation of a document, for which the wire has no form, as an entry of the message's own `citations`. */
export function encodeDocumentCitation(citation: Citation, span: Span): JsonObject | undefined {
  if (citation.url !== undefined || citation.raw?.dialect === CHAT) return undefined;
  return {
    type: citation.type,
    start_index: span.from + (citation.start ?? 0),
    end_index: span.from + (citation.end ?? span.length),
    ...(citation.title !== undefined && { title: citation.title }),
    ...(citation.citedText !== undefined && { cited_text: citation.citedText }),
  };
}

function isSource(citation: Citation): boolean {
  return citation.raw?.value["type"] === "search_result";
}
