import type { Citation } from "../../canonical/content.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { Utf16Offsets } from "./offsets.ts";
import { readList, readNumber, readObject, readString } from "./read.ts";

/** A citation, and the Part of the content that it belongs to. */
export interface PlacedCitation {
  partIndex: number;
  citation: Citation;
}

/** Gives the text of a Part by its index, or of the answer where there is no such text. */
export type TextOf = (partIndex: number) => string;

/**
 * Decodes the sources of a candidate: `groundingMetadata` (search, maps, retrieval; one citation a support and chunk)
 * and `citationMetadata` (recitations). Offsets are bytes on the wire (`Segment` in the typings).
 */
export function decodeCitations(candidate: JsonObject, textOf: TextOf): PlacedCitation[] {
  const placed: PlacedCitation[] = [];
  const offsets = offsetsOf(textOf);
  const grounding = readObject(candidate, "groundingMetadata");
  if (grounding !== undefined) addGrounding(grounding, offsets, placed);
  const metadata = readObject(candidate, "citationMetadata");
  if (metadata !== undefined) addRecitations(metadata, offsets, placed);
  return placed;
}

type OffsetsOf = (partIndex: number) => Utf16Offsets;

function offsetsOf(textOf: TextOf): OffsetsOf {
  const known = new Map<number, Utf16Offsets>();
  return (partIndex) => {
    const found = known.get(partIndex) ?? new Utf16Offsets(textOf(partIndex));
    known.set(partIndex, found);
    return found;
  };
}

function addGrounding(grounding: JsonObject, offsets: OffsetsOf, placed: PlacedCitation[]): void {
  const chunks = readList(grounding, "groundingChunks") ?? [];
  for (const support of readList(grounding, "groundingSupports") ?? []) {
    if (!isJsonObject(support)) continue;
    const segment = readObject(support, "segment") ?? {};
    const partIndex = readNumber(segment, "partIndex") ?? 0;
    for (const index of readList(support, "groundingChunkIndices") ?? []) {
      const citation = typeof index === "number" ? decodeChunk(chunks[index]) : undefined;
      if (citation === undefined) continue;
      placed.push({ partIndex, citation: withSpan(citation, segment, offsets(partIndex)) });
    }
  }
}

/**
 * Sources of an answer that says nowhere what they support (`groundingSupports` is optional in the typings): they are those of
 * its whole text.
 */
export function looseSources(candidate: JsonObject): Citation[] {
  const grounding = readObject(candidate, "groundingMetadata");
  if (grounding === undefined || (readList(grounding, "groundingSupports") ?? []).length > 0) return [];
  const chunks = readList(grounding, "groundingChunks") ?? [];
  return chunks.map(decodeChunk).filter((citation) => citation !== undefined);
}

function decodeChunk(chunk: Json | undefined): Citation | undefined {
  if (!isJsonObject(chunk)) return undefined;
  const web = readObject(chunk, "web") ?? readObject(chunk, "maps") ?? readObject(chunk, "image");
  if (web !== undefined) return source("url", web);
  const retrieved = readObject(chunk, "retrievedContext");
  if (retrieved === undefined) return undefined;
  const citation = source("document", retrieved);
  const text = readString(retrieved, "text");
  if (text !== undefined) citation.citedText = text;
  return citation;
}

function source(type: Citation["type"], wire: JsonObject): Citation {
  const citation: Citation = { type };
  const url = readString(wire, "uri") ?? readString(wire, "sourceUri");
  const title = readString(wire, "title");
  if (url !== undefined) citation.url = url;
  if (title !== undefined) citation.title = title;
  return citation;
}

function addRecitations(metadata: JsonObject, offsets: OffsetsOf, placed: PlacedCitation[]): void {
  // `citationSources` is the older name of the same list.
  const list = readList(metadata, "citations") ?? readList(metadata, "citationSources") ?? [];
  for (const entry of list) {
    if (isJsonObject(entry)) placed.push({ partIndex: 0, citation: withSpan(source("url", entry), entry, offsets(0)) });
  }
}

/** proto JSON leaves zeros out, so a span without a start begins at 0. */
function withSpan(citation: Citation, span: JsonObject, offsets: Utf16Offsets): Citation {
  const end = readNumber(span, "endIndex");
  if (end === undefined) return citation;
  citation.start = offsets.of(readNumber(span, "startIndex") ?? 0);
  citation.end = offsets.of(end);
  return citation;
}

/** The search queries of a candidate, which Gemini 3 bills one by one. */
export function searchQueries(candidate: JsonObject): string[] {
  const grounding = readObject(candidate, "groundingMetadata");
  const queries = grounding === undefined ? undefined : readList(grounding, "webSearchQueries");
  return (queries ?? []).filter((query) => typeof query === "string");
}

/** Billed searches: one a query since Gemini 3, one a grounded answer before (https://ai.google.dev/gemini-api/docs/google-search#pricing). */
export function billedSearches(queries: number, generation: number): number {
  return generation >= 3 ? queries : Math.min(queries, 1);
}
