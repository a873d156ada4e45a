const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([["mp3", "audio/mpeg"]]);
const FORMATS: ReadonlyMap<string, string> = new Map([
  ["audio/mpeg", "mp3"],
  ["audio/x-wav", "wav"],
  ["audio/wave", "wav"],
]);

/** The media type of an `input_audio.format` (`mp3`, `wav`, …). */
export function mediaTypeOf(format: string): string {
  return MEDIA_TYPES.get(format) ?? `audio/${format}`;
}

/** The `input_audio.format` of a media type; `wav` when unknown, the default of the vendor's examples. */
export function formatOf(mediaType: string | undefined): string {
  if (mediaType === undefined) return "wav";
  return FORMATS.get(mediaType) ?? mediaType.slice(mediaType.indexOf("/") + 1);
}
