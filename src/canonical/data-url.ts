/** Long enough for every media type with its parameters. */
const MAX_HEAD = 1000;
const SCHEME = "data:";
const ENCODING = ";base64";

export interface InlineData {
  /** Base64. */
  data: string;
  /** Absent where the URL says none. */
  mediaType?: string;
}

/** What a `data:` URL (RFC 2397) in base64 holds; undefined for any other URL. */
export function inlineData(url: string): InlineData | undefined {
  const comma = url.startsWith(SCHEME) ? url.slice(0, MAX_HEAD).indexOf(",") : -1;
  const head = url.slice(SCHEME.length, Math.max(comma, 0));
  if (!head.endsWith(ENCODING)) return undefined;
  const mediaType = head.slice(0, head.indexOf(";"));
  return { data: url.slice(comma + 1), ...(mediaType !== "" && { mediaType }) };
}
