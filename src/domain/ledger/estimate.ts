import type { CacheMarker, Part } from "../../canonical/content.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import type { Usage } from "../../canonical/usage.ts";

/** Tokens that one image, file or clip is taken for until the provider says what it was. */
const MEDIA_TOKENS = 1200;
const BYTES_PER_TOKEN = 4;

/** How a request weighs before anybody has counted it. */
export interface RequestSize {
  /** Estimate: a quarter of the body's bytes, without the bytes of inline media, which count by piece. */
  inputTokens: number;
  /** The most output tokens that it asks for; null: as many as the model may write. */
  outputTokens: number | null;
  hasMedia: boolean;
  hasImages: boolean;
  /** All of it may be audio, which costs more. */
  isAudio?: boolean;
  /** All input may be written to the provider's cache for so long, which costs more; absent: nothing asks for it. */
  cacheWrite?: "5m" | "1h";
  /** What is billed by the piece. */
  units?: Usage["units"];
}

/**
 * Weighs a request by the length of its body: counting tokens exactly would cost more than the rest of the request, and
 * settling corrects the estimate.
 */
export function weighRequest(request: ChatRequest, bodyLength: number): RequestSize {
  const { items, maxOutputTokens } = request;
  const asked = countAsked(maxOutputTokens);
  const size: Weighed = { pieces: 0, inline: 0, hasImages: false, cacheWrite: request.cache && ttlOf(request.cache) };
  for (const item of items) {
    if (item.type === "message" || item.type === "tool_result") weighParts(item.content, size);
    if ("cache" in item) noteCache(item.cache, size);
  }
  for (const tool of request.tools) if ("cache" in tool) noteCache(tool.cache, size);
  const text = Math.max(0, bodyLength - size.inline);
  return {
    inputTokens: Math.ceil(text / BYTES_PER_TOKEN) + size.pieces * MEDIA_TOKENS,
    outputTokens: asked === undefined ? null : Math.min(MOST, asked * answersAsked(request)),
    hasMedia: size.pieces > 0,
    hasImages: size.hasImages,
    ...(size.cacheWrite !== undefined && { cacheWrite: size.cacheWrite }),
  };
}

/** How many answers a request asks to be made. */
export function answersAsked({ generations, n }: ChatRequest): number {
  return countAsked(generations) ?? countAsked(n) ?? 1;
}

/** What is found on the way through a request. */
interface Weighed {
  pieces: number;
  inline: number;
  hasImages: boolean;
  cacheWrite: RequestSize["cacheWrite"] | undefined;
}

function ttlOf({ ttl = "5m" }: CacheMarker): "5m" | "1h" {
  return ttl;
}

function noteCache(marker: CacheMarker | undefined, size: Weighed): void {
  if (marker !== undefined && size.cacheWrite !== "1h") size.cacheWrite = ttlOf(marker);
}

function weighParts(parts: readonly Part[], size: Weighed): void {
  for (const part of parts) {
    if ("cache" in part) noteCache(part.cache, size);
    if (part.type === "text" || part.type === "refusal" || part.type === "opaque") continue;
    size.pieces += 1;
    if (part.type === "image") size.hasImages = true;
    if (part.source.type === "base64") size.inline += part.source.data.length;
  }
}

/** What asks for more counts as this much, so that sums stay exact. */
const MOST = 2 ** 31;

/**
 * A count that a request names (output tokens, answers) as a whole number above zero. Undefined when it names none, or one
 * that providers refuse or take for none: it must not lower what is reserved.
 */
export function countAsked(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? Math.ceil(Math.min(value, MOST)) : undefined;
}
