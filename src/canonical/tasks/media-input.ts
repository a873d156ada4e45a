/** A file that a request brings: its bytes (which may be a view on the request's body), where they are, or an id at the provider's own files API. */
export type MediaInput =
  | { type: "bytes"; data: Uint8Array; filename: string; mediaType?: string }
  | { type: "url"; url: string }
  | { type: "file_id"; id: string };
