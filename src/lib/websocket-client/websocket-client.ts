import type { Socket, SocketHandler, TCPSocketConnectOptions } from "bun";
import { isIP } from "node:net";
import { deadlines, type Timed } from "../http-client/deadline-watch.ts";
import type { HeaderList, Origin } from "../http-client/index.ts";
import { HttpError } from "../http-client/index.ts";
import type { ResponseHead } from "../http-client/response-head.ts";
import { connectError, handshakeError } from "../http-client/socket-errors.ts";
import { encodeClose, encodeFrame, OPCODE } from "./frame.ts";
import { FrameError, FrameReader, type FrameSink } from "./frame-reader.ts";
import { Handshake } from "./handshake.ts";

export interface WebSocketRequest {
  origin: Origin;
  /** With its query, percent-encoded. */
  path: string;
  /** Rendered header lines beside those of the handshake. */
  headers: string;
  /** Certificates in PEM that replace the well-known authorities; null: none do. */
  ca: string | null;
  connectTimeoutMs: number;
  /** From the connection to the answer of the handshake. */
  handshakeTimeoutMs: number;
  /** A server that says nothing for so long is asked by a ping, and given up after as long again. */
  idleTimeoutMs: number;
  maxMessageBytes: number;
}

/** What comes of a connection; either `onOpen`, or one of `onRefused` and `onFailed`; after `onOpen`, `onClose` once. */
export interface WebSocketHandler {
  onOpen(): void;
  /** The server answered the handshake with another status than 101. */
  onRefused(status: number, headers: HeaderList, body: Buffer): void;
  onFailed(error: HttpError): void;
  onText(text: string): void;
  onBinary(bytes: Buffer): void;
  /** What waited to be written is. */
  onDrain(): void;
  /** `code` 1005: a close frame without a code; 1006: none came, `reason` then says what happened. */
  onClose(code: number, reason: string): void;
}

type Phase = "connecting" | "handshake" | "refused" | "open" | "closing" | "closed";

const MAX_REFUSAL_BYTES = 64 * 1024;
/** How long the other side may take to answer a close frame. */
const CLOSE_TIMEOUT_MS = 2000;

/**
 * One WebSocket towards a server (RFC 6455, version 13, without extensions): callbacks, back-pressure both ways, bounded
 * messages, and the server's own words when it refuses the handshake.
 */
export class WebSocketClient implements Timed, FrameSink {
  deadline = Infinity;
  private readonly request: WebSocketRequest;
  private readonly handler: WebSocketHandler;
  private readonly handshake: Handshake;
  private readonly reader: FrameReader;
  private socket: Socket<WebSocketClient> | null = null;
  private phase: Phase = "connecting";
  private queue: Uint8Array[] = [];
  private queued = 0;
  private isPaused = false;
  private isAsked = false;
  /** What came while nothing was to be read, and whether the connection closed behind it. */
  private held: Uint8Array[] = [];
  private isClosedBehind = false;
  private fault: Error | null = null;
  private refusal: { head: ResponseHead; pieces: Uint8Array[]; length: number } | null = null;

  constructor(request: WebSocketRequest, handler: WebSocketHandler) {
    this.request = request;
    this.handler = handler;
    this.handshake = new Handshake(request.origin, request.path, request.headers);
    this.reader = new FrameReader(this, request.maxMessageBytes);
    deadlines.add(this);
    this.wait(request.connectTimeoutMs);
    this.connect();
  }

  /** Bytes that wait to be written. */
  get buffered(): number {
    return this.queued;
  }

  send(data: string | Uint8Array): void {
    if (this.phase !== "open") return;
    const isText = typeof data === "string";
    this.write(encodeFrame(isText ? OPCODE.text : OPCODE.binary, isText ? Buffer.from(data) : data));
  }

  /** Stops reading: the server feels it. */
  pause(): void {
    if (this.isPaused) return;
    this.isPaused = true;
    this.socket?.pause();
    if (this.phase === "open") this.deadline = Infinity;
  }

  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.socket?.resume();
    if (this.phase === "open") this.heard();
    this.readHeld();
  }

  /** Sends a close frame after all that waits, without a code for null, and closes when it is answered, or after 2 s. */
  close(code: number | null, reason: string): void {
    if (this.phase !== "open") return this.terminate();
    this.write(encodeFrame(OPCODE.close, encodeClose(code, reason)));
    this.phase = "closing";
    this.held = [];
    this.isPaused = false;
    this.socket?.resume();
    this.wait(CLOSE_TIMEOUT_MS);
  }

  /** Closes at once; the handler hears nothing more. */
  terminate(): void {
    const { socket } = this;
    this.drop();
    socket?.terminate();
  }

  expire(): void {
    const { phase } = this;
    if (phase === "open" && !this.isAsked) {
      this.isAsked = true;
      this.write(encodeFrame(OPCODE.ping, new Uint8Array(0)));
      return this.wait(this.request.idleTimeoutMs);
    }
    if (phase === "connecting") return this.fail(new HttpError("connect_timeout", "no connection in time"));
    if (phase === "open" || phase === "closing") return this.lost("no answer to a ping");
    this.fail(new HttpError("first_byte_timeout", "no answer to the handshake in time"));
  }

  onText(text: string): void {
    if (this.phase === "open") this.handler.onText(text);
  }

  onBinary(bytes: Buffer): void {
    if (this.phase === "open") this.handler.onBinary(bytes);
  }

  onPing(bytes: Buffer): void {
    if (this.phase === "open") this.write(encodeFrame(OPCODE.pong, bytes));
  }

  onPong(): void {}

  onClosing(code: number | null, reason: string): void {
    const { phase, socket } = this;
    if (phase === "open") this.write(encodeFrame(OPCODE.close, encodeClose(code, "")));
    this.drop();
    socket?.end();
    this.handler.onClose(code ?? 1005, reason);
  }

  opened(socket: Socket<WebSocketClient>): void {
    if (this.phase === "closed") {
      socket.terminate();
      return;
    }
    this.socket = socket;
    socket.setNoDelay(true);
    if (this.request.origin.protocol === "http:") this.greet();
  }

  secured(isAuthorized: boolean, error: Error | null): void {
    if (this.phase !== "connecting") return;
    if (isAuthorized) this.greet();
    else this.fail(handshakeError(error));
  }

  received(bytes: Uint8Array): void {
    try {
      if (this.phase === "handshake") this.readAnswer(bytes);
      else if (this.phase === "refused") this.readRefusal(bytes);
      else this.readFrames(bytes);
    } catch (error) {
      this.broken(error);
    }
  }

  drained(): void {
    if (this.queue.length === 0) return;
    this.flush();
    if (this.queue.length === 0 && this.phase === "open") this.handler.onDrain();
  }

  faulted(error: Error): void {
    this.fault = error;
  }

  closed(error: Error | undefined): void {
    if (this.phase === "closed") return;
    const cause = error ?? this.fault ?? undefined;
    if (this.held.length > 0) {
      this.isClosedBehind = true;
      return;
    }
    if (this.phase === "open" || this.phase === "closing")
      return this.lost("the connection closed without a close frame");
    if (this.phase === "refused") return this.refused();
    this.fail(new HttpError("reset", "the connection closed during the handshake", cause));
  }

  /** The connection could not be made. */
  fail(error: HttpError): void {
    if (this.phase === "closed") return;
    this.terminate();
    this.handler.onFailed(error);
  }

  private connect(): void {
    const { origin, ca } = this.request;
    const options: TCPSocketConnectOptions<WebSocketClient> = {
      hostname: origin.hostname,
      port: origin.port,
      data: this,
      socket: HANDLERS,
    };
    // An address is no server name (RFC 6066, section 3); it is verified all the same.
    const serverName = isIP(origin.hostname) === 0 ? origin.hostname : "";
    const tls = { serverName, rejectUnauthorized: true, ...(ca !== null && { ca }) };
    if (origin.protocol === "https:") options.tls = tls;
    Promise.try(() => Bun.connect(options)).catch((error: Error) => this.fail(connectError(error)));
  }

  private greet(): void {
    this.phase = "handshake";
    this.wait(this.request.handshakeTimeoutMs);
    this.write(Buffer.from(this.handshake.request, "latin1"));
  }

  private readAnswer(bytes: Uint8Array): void {
    const answer = this.handshake.read(bytes);
    if (answer === null) return;
    const { head, rest } = answer;
    if (head.status !== 101) {
      this.refusal = { head, pieces: [], length: 0 };
      this.phase = "refused";
      return this.readRefusal(rest);
    }
    this.handshake.check(head);
    this.phase = "open";
    this.heard();
    this.handler.onOpen();
    if (rest.length > 0) this.readFrames(rest);
  }

  /** A refusal's words end with its length, with the connection, or when there are more than anybody needs. */
  private readRefusal(bytes: Uint8Array): void {
    const { refusal } = this;
    if (refusal === null) return;
    refusal.pieces.push(bytes);
    refusal.length += bytes.length;
    const { contentLength, chunked } = refusal.head;
    const end = contentLength >= 0 ? contentLength : MAX_REFUSAL_BYTES;
    const isWhole = chunked ? endsChunks(bytes) : refusal.length >= Math.min(end, MAX_REFUSAL_BYTES);
    if (isWhole || refusal.length >= MAX_REFUSAL_BYTES) this.refused();
  }

  private refused(): void {
    const { refusal } = this;
    this.terminate();
    if (refusal === null) return;
    const body = Buffer.concat(refusal.pieces);
    const { head } = refusal;
    this.handler.onRefused(head.status, head.headers, head.chunked ? joinChunks(body) : body);
  }

  private readFrames(bytes: Uint8Array): void {
    if (this.phase === "closed") return;
    if (this.isPaused) return void this.held.push(bytes);
    if (this.phase === "open") this.heard();
    this.reader.read(bytes);
  }

  private readHeld(): void {
    while (this.held.length > 0 && !this.isPaused) this.received(this.held.shift() as Uint8Array);
    if (this.isClosedBehind && this.held.length === 0) this.closed(undefined);
  }

  private broken(error: unknown): void {
    if (error instanceof HttpError) return this.fail(error);
    if (!(error instanceof FrameError)) throw error;
    if (this.phase === "open") this.write(encodeFrame(OPCODE.close, encodeClose(error.code, "")));
    const { socket } = this;
    this.drop();
    socket?.end();
    this.handler.onClose(1006, error.message);
  }

  private lost(reason: string): void {
    this.terminate();
    this.handler.onClose(1006, reason);
  }

  private heard(): void {
    this.isAsked = false;
    this.wait(this.request.idleTimeoutMs);
  }

  private wait(milliseconds: number): void {
    this.deadline = deadlines.after(milliseconds);
  }

  private write(bytes: Uint8Array): void {
    this.queue.push(bytes);
    this.queued += bytes.length;
    if (this.queue.length === 1) this.flush();
  }

  private flush(): void {
    const { socket } = this;
    if (socket === null) return;
    while (this.queue.length > 0) {
      const next = this.queue[0] as Uint8Array;
      const written = Math.max(0, socket.write(next));
      this.queued -= written;
      if (written < next.length) {
        this.queue[0] = next.subarray(written);
        return;
      }
      this.queue.shift();
    }
  }

  private drop(): void {
    this.phase = "closed";
    this.socket = null;
    this.held = [];
    this.queue = [];
    deadlines.delete(this);
  }
}

const CHUNKS_END = "0\r\n\r\n";

function endsChunks(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.slice(-CHUNKS_END.length)).toString("latin1") === CHUNKS_END;
}

/** A short body without its chunk headers, as far as it came. */
function joinChunks(body: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const lineEnd = body.indexOf("\r\n", at);
    const length = lineEnd < 0 ? 0 : Number.parseInt(body.toString("latin1", at, lineEnd), 16);
    if (!(length > 0)) break;
    pieces.push(body.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
  return Buffer.concat(pieces);
}

const HANDLERS: SocketHandler<WebSocketClient> = {
  binaryType: "uint8array",
  open: (socket) => socket.data.opened(socket),
  handshake: (socket, success, error) => socket.data.secured(success, error),
  data: (socket, bytes) => socket.data.received(bytes),
  drain: (socket) => socket.data.drained(),
  end: (socket) => socket.data.closed(undefined),
  error: (socket, error) => socket.data.faulted(error),
  close: (socket, error) => socket.data.closed(error),
};
