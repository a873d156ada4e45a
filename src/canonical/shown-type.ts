/** How the base64 of images and documents begins. */
const SIGNATURES: readonly (readonly [start: string, type: string])[] = [
  ["iVBORw0KGgo", "image/png"],
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
  ["JVBERi", "application/pdf"],
];

const RIFF = "UklGR";
/** `WAVE`, where a RIFF file names its kind: in bytes 8 to 11. */
const WAVE = "QVZF";

/** True for a WAV file, by the base64 of its bytes. */
export function isWav(base64: string): boolean {
  return base64.startsWith(RIFF) && base64.startsWith(WAVE, 12);
}

/** The media type that the bytes of an image or document show; undefined for other bytes. */
export function shownType(base64: string): string | undefined {
  if (base64.startsWith(RIFF)) return isWav(base64) ? undefined : "image/webp";
  return SIGNATURES.find(([start]) => base64.startsWith(start))?.[1];
}
