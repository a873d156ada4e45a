import { HttpError } from "./http-error.ts";
import type { Origin } from "./origin.ts";

/** A body that comes piece by piece, through `Exchange.write`. */
export interface OpenBody {
  /** Bytes in all; null: not known, it is sent in chunks. */
  size: number | null;
}

/** A request to send. All times are in milliseconds; `Infinity` switches a limit off. */
export interface HttpRequest {
  origin: Origin;
  method: string;
  /** With its query, percent-encoded. */
  path: string;
  /** From `renderHeaders`: the whole block without `host`, `content-length` and `connection`. */
  headers: string;
  /** A string is sent as UTF-8. A request with an open body is never sent twice, nor on a kept connection. */
  body: Uint8Array | string | OpenBody | null;
  /** For the socket and its TLS handshake. */
  connectTimeoutMs: number;
  /** From the request written to the response's head complete. */
  firstByteTimeoutMs: number;
  /** Between two reads of the body, and between two writes of a request that the server is slow to take. */
  idleTimeoutMs: number;
  /** Of the response, after decompression. */
  maxBodyBytes: number;
}

/** True for a body that comes piece by piece. */
export function isOpenBody(body: HttpRequest["body"]): body is OpenBody {
  return body !== null && typeof body === "object" && !(body instanceof Uint8Array);
}

const PATH = /^\/[\x21-\x7e]*$/;
const METHOD = /^[A-Z]+$/;
const WITH_BODY = new Set(["POST", "PUT", "PATCH"]);

/** Why a request cannot be put on the wire, or null. */
export function requestProblem(request: HttpRequest): HttpError | null {
  if (!PATH.test(request.path)) return new HttpError("protocol", "the request's path has a forbidden character");
  if (!METHOD.test(request.method)) return new HttpError("protocol", "the request's method is not a method");
  return null;
}

/** Request line and headers with the blank line (RFC 9112, section 3), for a body of so many bytes; null: it comes in chunks. */
export function requestHead(request: HttpRequest, bodyBytes: number | null): string {
  const { method, path, origin, headers, body } = request;
  const head = `${method} ${path} HTTP/1.1\r\nhost: ${origin.host}\r\n${headers}`;
  if (body === null && !WITH_BODY.has(method)) return `${head}\r\n`;
  if (bodyBytes === null) return `${head}transfer-encoding: chunked\r\n\r\n`;
  return `${head}content-length: ${bodyBytes}\r\n\r\n`;
}
