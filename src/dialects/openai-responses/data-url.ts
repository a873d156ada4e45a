/** The two halves of a base64 `data:` URL. */
export interface DataUrl {
  mediaType: string;
  data: string;
}

/** Long enough for every registered media type. */
const MAX_HEAD = 140;

/** Reads `data:<type>/<subtype>;base64,<data>`; undefined for other URLs, also for data URLs with further parameters. */
export function readDataUrl(url: string): DataUrl | undefined {
  if (!url.startsWith("data:")) return undefined;
  const comma = url.slice(0, MAX_HEAD).indexOf(",");
  if (comma < 0) return undefined;
  const head = url.slice(5, comma).split(";");
  const mediaType = head[0];
  if (head.length !== 2 || head[1] !== "base64" || mediaType === undefined || mediaType === "") return undefined;
  return { mediaType, data: url.slice(comma + 1) };
}

/** The URL that `readDataUrl` takes apart. */
export function dataUrl(mediaType: string, data: string): string {
  return `data:${mediaType};base64,${data}`;
}
