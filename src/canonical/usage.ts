/**
 * Token use in its normal form: every token is counted once.
 * `inputTokens` is all input, cached or not; the `cached…`/`cacheWrite…` fields say how much of it was.
 * `outputTokens` is all output; `reasoningTokens` says how much of it was reasoning.
 */
export interface Usage {
  inputTokens: number;
  /** Part of inputTokens read from the provider's prompt cache. */
  cachedInputTokens: number;
  /** Part of inputTokens written to the cache with the default (5 minutes) lifetime. */
  cacheWriteTokens: number;
  /** Part of inputTokens written to the cache with a lifetime of one hour. */
  cacheWrite1hTokens: number;
  outputTokens: number;
  /** Part of outputTokens. */
  reasoningTokens: number;
  /** Part of inputTokens. */
  audioInputTokens: number;
  /** Part of outputTokens. */
  audioOutputTokens: number;
  /** Part of inputTokens; absent: none. */
  imageInputTokens?: number;
  /** Part of outputTokens; absent: none. */
  imageOutputTokens?: number;
  /** Provider-run web searches, billed by the call. */
  webSearches: number;
  /** What is billed by the piece beside tokens; absent: nothing. */
  units?: Partial<Record<UsageUnit, number>> | undefined;
  /** The provider's own usage object, as it came: encoders of the same dialect may hand it on. */
  raw?: unknown;
}

/** What providers bill by the piece: rerank searches, images, characters of speech, seconds of audio or video, pages. */
export type UsageUnit = "searches" | "images" | "characters" | "audio_seconds" | "video_seconds" | "pages";

/** A usage with every count at zero. */
export function emptyUsage(): Usage {
  return {
    inputTokens: 0,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    audioInputTokens: 0,
    audioOutputTokens: 0,
    webSearches: 0,
  };
}

/** Adds what one part used to a sum. */
export function addUsage(sum: Usage, part: Usage): void {
  sum.inputTokens += part.inputTokens;
  sum.cachedInputTokens += part.cachedInputTokens;
  sum.cacheWriteTokens += part.cacheWriteTokens;
  sum.cacheWrite1hTokens += part.cacheWrite1hTokens;
  sum.outputTokens += part.outputTokens;
  sum.reasoningTokens += part.reasoningTokens;
  sum.audioInputTokens += part.audioInputTokens;
  sum.audioOutputTokens += part.audioOutputTokens;
  sum.webSearches += part.webSearches;
  if (part.imageInputTokens) sum.imageInputTokens = (sum.imageInputTokens ?? 0) + part.imageInputTokens;
  if (part.imageOutputTokens) sum.imageOutputTokens = (sum.imageOutputTokens ?? 0) + part.imageOutputTokens;
  for (const [unit, count] of Object.entries(part.units ?? {})) {
    const units = (sum.units ??= {});
    units[unit as UsageUnit] = (units[unit as UsageUnit] ?? 0) + count;
  }
}

/** A count as providers should send it: a finite number at or above zero, else 0. Providers have sent null, NaN and negatives. */
export function tokenCount(value: unknown): number {
  return typeof value === "number" && value > 0 && Number.isFinite(value) ? Math.round(value) : 0;
}

/** A length in seconds as providers should send it, with its fraction, else 0. */
export function secondsCount(value: unknown): number {
  return typeof value === "number" && value > 0 && Number.isFinite(value) ? value : 0;
}

/** A usage that is billed by the piece. */
export function unitUsage(units: NonNullable<Usage["units"]>): Usage {
  return { ...emptyUsage(), units };
}
