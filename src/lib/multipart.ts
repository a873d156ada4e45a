import { randomBytes } from "node:crypto";

/** One part of a form; `data` may be a view on the body that it was read from. */
export interface MultipartPart {
  name: string;
  /** Set on files. */
  filename?: string;
  contentType?: string;
  data: Uint8Array;
}

/** A body that is no form, or not a whole one. */
export class MultipartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MultipartError";
  }
}

const DASHES = "--";
const MAX_PARTS = 1000;
const MAX_HEAD_BYTES = 16 * 1024;

/** The boundary that a `multipart/form-data` content type names; null when it is none (RFC 2046, 5.1.1). */
export function boundaryOf(contentType: string): string | null {
  if (!/^multipart\/form-data\b/i.test(contentType)) return null;
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType);
  return match?.[1] ?? match?.[2] ?? null;
}

/** Reads a form (RFC 7578). The parts' data are views on `bytes`. Throws `MultipartError`. */
export function readForm(bytes: Uint8Array, boundary: string): MultipartPart[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const parts: MultipartPart[] = [];
  let at = firstPart(buffer, boundary);
  while (!isLast(buffer, at)) {
    const start = afterLine(buffer, at);
    const end = buffer.indexOf(delimiter, start - 2);
    if (end < 0) throw new MultipartError("a part has no end");
    if (parts.length >= MAX_PARTS) throw new MultipartError(`more than ${MAX_PARTS} parts`);
    parts.push(readPart(buffer.subarray(start, Math.max(start, end))));
    at = end + delimiter.length;
  }
  return parts;
}

/** A form of these parts, with a boundary of its own. */
export function writeForm(parts: readonly MultipartPart[]): { contentType: string; data: Uint8Array } {
  const boundary = `trunkline-${randomBytes(16).toString("hex")}`;
  const pieces: Uint8Array[] = [];
  for (const part of parts) pieces.push(Buffer.from(headOf(part, boundary)), part.data, Buffer.from("\r\n"));
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, data: Buffer.concat(pieces) };
}

/** Offset after the first boundary; what stands before it is ignored. */
function firstPart(buffer: Buffer, boundary: string): number {
  const first = Buffer.from(DASHES + boundary);
  const at = buffer.indexOf(first);
  const isAtLine = at === 0 || (at > 1 && buffer[at - 1] === 10);
  if (!isAtLine) throw new MultipartError("the boundary of its content type does not stand in it");
  return at + first.length;
}

function isLast(buffer: Buffer, at: number): boolean {
  return buffer.toString("latin1", at, at + 2) === DASHES;
}

function afterLine(buffer: Buffer, at: number): number {
  const end = buffer.indexOf("\r\n", at);
  if (end < 0) throw new MultipartError("a boundary has no line end");
  return end + 2;
}

function readPart(bytes: Buffer): MultipartPart {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0 || headEnd > MAX_HEAD_BYTES) throw new MultipartError("a part has no headers");
  const head = bytes.toString("utf8", 0, headEnd);
  const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? "";
  const name = parameterOf(disposition, "name");
  if (name === undefined) throw new MultipartError("a part has no name");
  const filename = parameterOf(disposition, "filename");
  // Spaces are trimmed apart: an expression that also looks for their end takes quadratic time.
  const contentType = /^content-type:(.*)$/im.exec(head)?.[1]?.trim();
  return {
    name,
    ...(filename !== undefined && { filename }),
    ...(contentType !== undefined && { contentType }),
    data: bytes.subarray(headEnd + 4),
  };
}

function parameterOf(disposition: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]+))`, "i").exec(disposition);
  const quoted = match?.[1]?.replace(/\\(.)/g, "$1");
  return (quoted ?? match?.[2])?.replaceAll("%22", '"').replaceAll("%0D", "\r").replaceAll("%0A", "\n");
}

function headOf({ name, filename, contentType }: MultipartPart, boundary: string): string {
  const file = filename === undefined ? "" : `; filename="${escaped(filename)}"`;
  const type = contentType === undefined ? "" : `content-type: ${contentType.replace(/[\r\n]+/g, " ")}\r\n`;
  return `--${boundary}\r\ncontent-disposition: form-data; name="${escaped(name)}"${file}\r\n${type}\r\n`;
}

/** As browsers write it (WHATWG HTML, multipart/form-data encoding algorithm). */
function escaped(text: string): string {
  return text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
