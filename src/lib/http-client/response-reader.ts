import { ByteBuffer } from "../byte-buffer.ts";
import { ChunkedBody } from "./chunked-body.ts";
import { cutBytes } from "./cut-bytes.ts";
import { HttpError } from "./http-error.ts";
import type { ResponseHead } from "./response-head.ts";
import { parseResponseHead } from "./response-head.ts";

/** Takes what a response reader finds. */
export interface ResponseSink {
  readonly request: { readonly method: string };
  /** `bodyLength` is -1 when it is not known beforehand. */
  head(head: ResponseHead, bodyLength: number): void;
  /** The bytes belong to the sink. */
  data(bytes: Uint8Array): void;
}

type State = "head" | "length" | "chunked" | "until_close" | "done";

const NOBODY: ResponseSink = { request: { method: "" }, head: () => {}, data: () => {} };
const HEAD_END = Buffer.from("\r\n\r\n");
const BARE_HEAD_END = Buffer.from("\n\n");
const STATUS_LINE = Buffer.from("HTTP/1.");
/** Buffer's methods for plain byte arrays, as sockets hand them out; Buffer's own `subarray` costs five times as much. */
const { indexOf, latin1Slice } = Buffer.prototype;

/** Reads the responses of one connection, one after the other, from the bytes of its socket (RFC 9112). */
export class ResponseReader {
  /** The response ended after the bytes read so far. */
  get done(): boolean {
    return this.state === "done";
  }
  /** The body ends where the connection does. */
  get untilClose(): boolean {
    return this.state === "until_close";
  }
  get headDone(): boolean {
    return this.state !== "head";
  }
  /** Some byte of the response has arrived. */
  started = false;
  /** Milliseconds that the connection may be kept after a response that is done; 0 forbids another request on it. */
  keepMs = 0;
  private readonly maxHeaderBytes: number;
  private readonly held = new ByteBuffer();
  private state: State = "done";
  private sink = NOBODY;
  private left = 0;
  private chunks: ChunkedBody;

  constructor(maxHeaderBytes: number) {
    this.maxHeaderBytes = maxHeaderBytes;
    this.chunks = new ChunkedBody(maxHeaderBytes);
  }

  /** Expects the next response, for this sink. */
  start(sink: ResponseSink): void {
    this.sink = sink;
    this.state = "head";
    this.started = false;
    this.keepMs = 0;
    this.held.clear();
  }

  /** Lets the sink go: an idle connection must not hold on to its last request. */
  release(): void {
    this.sink = NOBODY;
  }

  /** Takes the bytes over. Gives the sink its head and at most one piece of data. Throws `HttpError`, and what the sink throws. */
  read(bytes: Uint8Array): void {
    this.started = true;
    let at = 0;
    if (this.state === "head") {
      const gathered = this.held.length === 0 ? bytes : this.gather(bytes);
      if (gathered === null) return;
      bytes = gathered;
      at = this.readHeads(bytes);
      if (at === -1) return;
    }
    if (this.state === "length") at = this.readLength(bytes, at);
    else if (this.state === "chunked") at = this.readChunks(bytes, at);
    else if (this.state === "until_close") at = this.deliver(bytes, at, bytes.length);
    // Bytes that no request asked for: whatever they are, they must not meet the next one.
    if (at < bytes.length) this.keepMs = 0;
  }

  /** Adds to the bytes of a head in pieces; null while its end is missing. A copy, since the sink may keep what follows the head. */
  private gather(bytes: Uint8Array): Uint8Array | null {
    const from = Math.max(0, this.held.length - HEAD_END.length + 1);
    this.held.append(bytes);
    const view = this.held.view();
    if (indexOf.call(view, HEAD_END, from) === -1) {
      this.checkPartial(view, from);
      return null;
    }
    const whole = view.slice();
    this.held.clear();
    return whole;
  }

  /** Reads heads up to a final one; returns where its body begins, or -1 when more bytes are needed. */
  private readHeads(bytes: Uint8Array): number {
    let at = 0;
    for (;;) {
      const end = indexOf.call(bytes, HEAD_END, at);
      if (end === -1) return this.hold(bytes.subarray(at));
      if (end - at > this.maxHeaderBytes) throw headTooLarge(this.maxHeaderBytes);
      const head = parseResponseHead(latin1Slice.call(bytes, at, end + 2));
      at = end + 4;
      if (head.status < 200) {
        if (head.status === 101) throw new HttpError("protocol", "the server switched protocols unasked");
        continue;
      }
      this.begin(head);
      return at;
    }
  }

  private hold(bytes: Uint8Array): number {
    this.checkPartial(bytes, 0);
    this.held.append(bytes);
    return -1;
  }

  /** What is no response shall not wait for a time limit; `from` is where the unknown bytes begin. */
  private checkPartial(bytes: Uint8Array, from: number): void {
    if (bytes.length > this.maxHeaderBytes) throw headTooLarge(this.maxHeaderBytes);
    for (let at = 0; at < Math.min(bytes.length, STATUS_LINE.length); at++) {
      if (bytes[at] !== STATUS_LINE[at]) throw new HttpError("protocol", "the answer is not HTTP/1.1");
    }
    if (indexOf.call(bytes, BARE_HEAD_END, from) !== -1) throw new HttpError("protocol", "header lines end without CR");
  }

  /** How the body is framed (RFC 9112, section 6.3). */
  private begin(head: ResponseHead): void {
    if (head.keepAlive) this.keepMs = head.keepAliveMs;
    if (this.sink.request.method === "HEAD" || head.status === 204 || head.status === 304) this.left = 0;
    else if (head.chunked) {
      this.chunks = new ChunkedBody(this.maxHeaderBytes);
      this.left = -1;
    } else this.left = head.contentLength;
    this.state = this.left > 0 ? "length" : this.left === 0 ? "done" : head.chunked ? "chunked" : "until_close";
    if (this.state === "until_close") this.keepMs = 0;
    this.sink.head(head, this.left);
  }

  private readLength(bytes: Uint8Array, at: number): number {
    const end = Math.min(at + this.left, bytes.length);
    this.left -= end - at;
    if (this.left === 0) this.state = "done";
    return this.deliver(bytes, at, end);
  }

  private readChunks(bytes: Uint8Array, at: number): number {
    const data = this.chunks.read(bytes, at);
    if (this.chunks.done) this.state = "done";
    if (data !== null) this.sink.data(data);
    return this.chunks.stoppedAt;
  }

  private deliver(bytes: Uint8Array, at: number, end: number): number {
    if (end > at) this.sink.data(cutBytes(bytes, at, end));
    return end;
  }
}

function headTooLarge(maxHeaderBytes: number): HttpError {
  return new HttpError("too_large", `the response's head is larger than ${maxHeaderBytes} bytes`);
}
