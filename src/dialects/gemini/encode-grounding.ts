import type { Citation } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { utf8Offset } from "./offsets.ts";

/** A citation, the Part it stands in, and that part's text. */
export interface CitedText {
  partIndex: number;
  text: string;
  citation: Citation;
}

/** Encodes citations as `groundingMetadata`, one chunk a source; undefined when there are none. */
export function encodeGrounding(cited: readonly CitedText[]): JsonObject | undefined {
  if (cited.length === 0) return undefined;
  const chunks: Json[] = [];
  const supports: Json[] = [];
  const known = new Map<string, number>();
  for (const entry of cited) {
    const key = JSON.stringify([
      entry.citation.type,
      entry.citation.url,
      entry.citation.title,
      entry.citation.citedText,
    ]);
    const index = known.get(key) ?? chunks.push(encodeChunk(entry.citation)) - 1;
    known.set(key, index);
    supports.push({ segment: encodeSegment(entry), groundingChunkIndices: [index] });
  }
  return { groundingChunks: chunks, groundingSupports: supports };
}

function encodeChunk(citation: Citation): JsonObject {
  const source: JsonObject = {};
  if (citation.url !== undefined) source.uri = citation.url;
  if (citation.title !== undefined) source.title = citation.title;
  if (citation.type === "url") return { web: source };
  if (citation.citedText !== undefined) source.text = citation.citedText;
  return { retrievedContext: source };
}

/** A citation without offsets covers its whole part. */
function encodeSegment({ partIndex, text, citation }: CitedText): JsonObject {
  const start = citation.start ?? 0;
  const end = citation.end ?? text.length;
  const segment: JsonObject = {
    startIndex: utf8Offset(text, start),
    endIndex: utf8Offset(text, end),
    text: text.slice(start, end),
  };
  if (partIndex > 0) segment.partIndex = partIndex;
  return segment;
}
