import type { Part } from "../../canonical/content.ts";
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
  const size = { pieces: 0, inline: 0, hasImages: false };
  for (const item of items) {
    if (item.type === "message" || item.type === "tool_result") weighParts(item.content, size);
  }
  const text = Math.max(0, bodyLength - size.inline);
  return {
    inputTokens: Math.ceil(text / BYTES_PER_TOKEN) + size.pieces * MEDIA_TOKENS,
    outputTokens: asked === undefined ? null : asked * answersAsked(request),
    hasMedia: size.pieces > 0,
    hasImages: size.hasImages,
  };
}

/** How many answers a request asks to be made. */
export function answersAsked({ generations, n }: ChatRequest): number {
  return countAsked(generations) ?? countAsked(n) ?? 1;
}

function weighParts(parts: readonly Part[], size: { pieces: number; inline: number; hasImages: boolean }): void {
  for (const part of parts) {
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
