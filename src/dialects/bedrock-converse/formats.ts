import { shownType } from "../../canonical/shown-type.ts";

/** Kinds of media that the wire has, and the beginning of their media types. */
export type Medium = "image" | "document" | "video" | "audio";

/**
 * Formats as the wire names them, with their media types (AWS SDK: `ImageFormat`, `DocumentFormat`, `VideoFormat`,
 * `AudioFormat`). Each media type stands once, so that a format comes back as it was.
 */
const MEDIA_TYPES: Readonly<Record<Medium, Readonly<Record<string, string>>>> = {
  image: { png: "image/png", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp" },
  document: {
    pdf: "application/pdf",
    csv: "text/csv",
    doc: "application/msword",
    docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    xls: "application/vnd.ms-excel",
    xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    html: "text/html",
    txt: "text/plain",
    md: "text/markdown",
  },
  video: {
    mkv: "video/x-matroska",
    mov: "video/quicktime",
    mp4: "video/mp4",
    webm: "video/webm",
    flv: "video/x-flv",
    mpeg: "video/mpeg",
    mpg: "video/mpg",
    wmv: "video/x-ms-wmv",
    three_gp: "video/3gpp",
  },
  audio: {
    mp3: "audio/mpeg",
    opus: "audio/opus",
    wav: "audio/wav",
    aac: "audio/aac",
    flac: "audio/flac",
    mp4: "audio/mp4",
    ogg: "audio/ogg",
    mkv: "audio/x-matroska",
    mka: "audio/x-mka",
    "x-aac": "audio/x-aac",
    m4a: "audio/m4a",
    mpeg: "audio/x-mpeg",
    mpga: "audio/mpga",
    pcm: "audio/pcm",
    webm: "audio/webm",
  },
};

/** Other names of the same types. */
const SYNONYMS: Readonly<Record<string, string>> = {
  "image/jpg": "jpeg",
  "audio/mp3": "mp3",
  "audio/x-wav": "wav",
  "audio/wave": "wav",
  "audio/vnd.wave": "wav",
  "text/x-markdown": "md",
  "application/csv": "csv",
};

const FORMATS: ReadonlyMap<string, string> = new Map(
  Object.entries(MEDIA_TYPES).flatMap(([medium, types]) =>
    Object.entries(types).map(([format, type]) => [`${medium} ${type}`, format] as const),
  ),
);

/** The media type of a format; one that is not known becomes a type of that name. */
export function mediaTypeOf(medium: Medium, format: string): string {
  const types = MEDIA_TYPES[medium];
  const known = Object.hasOwn(types, format) ? types[format] : undefined;
  return known ?? `${medium === "document" ? "application" : medium}/${format}`;
}

/** The format of a media type; undefined: the wire has none for it. */
export function formatOf(medium: Medium, mediaType: string): string | undefined {
  const type = mediaType.split(";")[0]?.trim().toLowerCase() ?? "";
  return FORMATS.get(`${medium} ${type}`) ?? (Object.hasOwn(SYNONYMS, type) ? SYNONYMS[type] : undefined);
}

/** The media type that a format of `mediaTypeOf` without a name of its own stands for: `image/x` for `x`. */
export function bareFormat(mediaType: string): string {
  return mediaType.slice(mediaType.indexOf("/") + 1);
}

/** True for a text that is read as it is: no format of its own, and no bytes. */
export function isTextual(mediaType: string): boolean {
  return mediaType.startsWith("text/") || /^application\/(?:[\w.-]+\+)?(?:json|xml|yaml|x-yaml)\b/.test(mediaType);
}

/** The media type that base64 data or a file name gives away; undefined when neither does. */
export function guessMediaType(data: string | undefined, filename: string | undefined): string | undefined {
  const found = data === undefined ? undefined : shownType(data);
  if (found !== undefined || filename === undefined) return found;
  const extension = filename.slice(filename.lastIndexOf(".") + 1).toLowerCase();
  for (const types of [MEDIA_TYPES.document, MEDIA_TYPES.image])
    if (Object.hasOwn(types, extension)) return types[extension];
  return undefined;
}
