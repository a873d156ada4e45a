import { HeaderList } from "./header-list.ts";
import { HttpError } from "./http-error.ts";

/** Status line and headers, as far as they decide how the body is framed and whether the connection lives on. */
export interface ResponseHead {
  status: number;
  headers: HeaderList;
  /** -1 without `content-length`. */
  contentLength: number;
  chunked: boolean;
  /** Lower-case `content-encoding`, empty without one. */
  coding: string;
  /** Lower-case `connection`, empty without one. */
  connection: string;
  /** The server keeps the connection open after this response. */
  keepAlive: boolean;
  /** How long it does so, by its `keep-alive` header; `Infinity` without one. */
  keepAliveMs: number;
}

const COLON = 58;
const CR = 13;
const ZERO = 48;
const SPACE = 32;
const TOKEN_CHARACTERS = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const TOKEN = new Uint8Array(256);
for (const character of TOKEN_CHARACTERS) TOKEN[character.charCodeAt(0)] = 1;

const refuse = (message: string): HttpError => new HttpError("protocol", message);

const FRAMING_FIELDS = new Map<string, (head: ResponseHead, value: string) => void>([
  ["content-length", readContentLength],
  ["transfer-encoding", readTransferEncoding],
  ["content-encoding", (head, value) => (head.coding = join(head.coding, value))],
  ["connection", (head, value) => (head.connection = join(head.connection, value))],
  ["keep-alive", readKeepAlive],
]);
const FRAMING_LENGTHS = new Set(Array.from(FRAMING_FIELDS.keys(), (name) => name.length));

/**
 * Reads a head (RFC 9112, sections 4 to 6): status line and header lines, each with its CRLF, without the blank line.
 * Strict where leniency lets two readers disagree on where a message ends: folded lines, space before the colon, bare CR
 * or LF, NUL and conflicting lengths are refused with `protocol`.
 */
export function parseResponseHead(text: string): ResponseHead {
  const firstEnd = text.indexOf("\r\n") + 2;
  const version = statusLineVersion(text);
  const head: ResponseHead = {
    status: readStatus(text),
    headers: new HeaderList(text, firstEnd),
    contentLength: -1,
    chunked: false,
    coding: "",
    connection: "",
    keepAlive: false,
    keepAliveMs: Infinity,
  };
  if (text.includes("\0")) throw refuse("the response's head has a NUL character");
  if (text.indexOf("\n") !== firstEnd - 1 || text.indexOf("\r") !== firstEnd - 2) throw refuse("malformed status line");
  for (let at = firstEnd; at < text.length;) at = readLine(head, text, at);
  if (head.chunked && head.contentLength !== -1) throw refuse("both content-length and transfer-encoding");
  if (head.chunked && version === 0) throw refuse("transfer-encoding in an HTTP/1.0 response");
  head.keepAlive = hasOption(head.connection, "close")
    ? false
    : version === 1 || hasOption(head.connection, "keep-alive");
  return head;
}

/** The minor version of an `HTTP/1.x` status line. */
function statusLineVersion(text: string): number {
  const minor = text.charCodeAt(7) - ZERO;
  if (!text.startsWith("HTTP/1.") || (minor !== 0 && minor !== 1) || text.charCodeAt(8) !== SPACE) {
    throw refuse("the response does not begin with an HTTP/1.1 status line");
  }
  return minor;
}

function readStatus(text: string): number {
  const after = text.charCodeAt(12);
  let status = 0;
  for (let at = 9; at < 12; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (!(digit >= 0 && digit <= 9)) throw refuse("malformed status code");
    status = status * 10 + digit;
  }
  if (status < 100 || (after !== SPACE && after !== CR)) throw refuse("malformed status code");
  return status;
}

/** Checks the header line at `start` and returns where the next one begins. */
function readLine(head: ResponseHead, text: string, start: number): number {
  let colon = start;
  for (let code = text.charCodeAt(colon); code !== COLON; code = text.charCodeAt(++colon)) {
    if (TOKEN[code] !== 1) throw refuse("malformed header name");
  }
  const lineEnd = text.indexOf("\n", colon);
  if (colon === start || text.indexOf("\r", colon) !== lineEnd - 1) throw refuse("malformed header line");
  if (FRAMING_LENGTHS.has(colon - start)) {
    const read = FRAMING_FIELDS.get(text.slice(start, colon).toLowerCase());
    if (read !== undefined) read(head, text.slice(colon + 1, lineEnd - 1).trim());
  }
  return lineEnd + 1;
}

/** Equal repetitions are one length (RFC 9112, section 6.3). */
function readContentLength(head: ResponseHead, value: string): void {
  if (value.includes(",")) for (const part of value.split(",")) takeContentLength(head, part.trim());
  else takeContentLength(head, value);
}

/** 15 digits are exact in a number. */
function takeContentLength(head: ResponseHead, digits: string): void {
  if (!/^\d{1,15}$/.test(digits)) throw refuse("malformed content-length");
  const length = Number(digits);
  if (head.contentLength !== -1 && head.contentLength !== length) throw refuse("conflicting content-length");
  head.contentLength = length;
}

function readTransferEncoding(head: ResponseHead, value: string): void {
  if (head.chunked || value.toLowerCase() !== "chunked") throw refuse("transfer-encoding is not just chunked");
  head.chunked = true;
}

function readKeepAlive(head: ResponseHead, value: string): void {
  const seconds = /(?:^|[\s,;])timeout=(\d{1,6})/i.exec(value)?.[1];
  if (seconds !== undefined) head.keepAliveMs = Number(seconds) * 1000;
}

function join(list: string, value: string): string {
  return list === "" ? value.toLowerCase() : `${list},${value.toLowerCase()}`;
}

function hasOption(list: string, option: string): boolean {
  if (list === option) return true;
  return list.includes(",") && list.split(",").some((entry) => entry.trim() === option);
}
