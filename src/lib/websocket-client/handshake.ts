import { createHash, randomBytes } from "node:crypto";
import type { Origin } from "../http-client/index.ts";
import { HttpError } from "../http-client/index.ts";
import { parseResponseHead, type ResponseHead } from "../http-client/response-head.ts";

/** Appended to the key before hashing (RFC 6455, section 1.3). */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const MAX_HEAD_BYTES = 64 * 1024;

/** The opening handshake of a client (RFC 6455, section 4.1). `headers`: rendered lines beside the handshake's own. */
export class Handshake {
  readonly request: string;
  private readonly key = randomBytes(16).toString("base64");
  private text = "";

  constructor(origin: Origin, path: string, headers: string) {
    this.request =
      `GET ${path} HTTP/1.1\r\nhost: ${origin.host}\r\nupgrade: websocket\r\nconnection: Upgrade\r\n` +
      `sec-websocket-version: 13\r\nsec-websocket-key: ${this.key}\r\n${headers}\r\n`;
  }

  /** The head once it is complete, with the bytes behind it; null before. Throws `HttpError` when it is none. */
  read(bytes: Uint8Array): { head: ResponseHead; rest: Buffer } | null {
    this.text += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    const end = this.text.indexOf("\r\n\r\n");
    if (end < 0 && this.text.length <= MAX_HEAD_BYTES) return null;
    if (end < 0 || end > MAX_HEAD_BYTES)
      throw new HttpError("too_large", "the head of the handshake's answer is too long");
    const head = parseResponseHead(this.text.slice(0, end + 2));
    return { head, rest: Buffer.from(this.text.slice(end + 4), "latin1") };
  }

  /** Throws `HttpError` unless a 101 proves that the server speaks the protocol, and adds nothing that was not offered. */
  check({ headers }: ResponseHead): void {
    const wanted = createHash("sha1")
      .update(this.key + GUID)
      .digest("base64");
    if (headers.get("sec-websocket-accept") !== wanted) throw refuse("wrong sec-websocket-accept");
    if (headers.get("upgrade")?.toLowerCase() !== "websocket") throw refuse("no upgrade to websocket");
    if (headers.get("sec-websocket-extensions") !== null) throw refuse("an extension that was not offered");
  }
}

function refuse(what: string): HttpError {
  return new HttpError("protocol", `the handshake's answer has ${what}`);
}
