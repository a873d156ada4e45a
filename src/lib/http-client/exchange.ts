import type { DecoderSink } from "./content-decoder.ts";
import { ContentDecoder } from "./content-decoder.ts";
import type { HeaderList } from "./header-list.ts";
import { HttpError } from "./http-error.ts";
import type { HttpRequest } from "./request.ts";
import type { ResponseHead } from "./response-head.ts";
import type { ResponseSink } from "./response-reader.ts";

/**
 * Hears one exchange. No method is called before `send` has returned. A method that throws ends the exchange: `onError`
 * gets `aborted` with what was thrown as the cause (from `onEnd` and `onError` themselves it is reported as uncaught).
 */
export interface HttpHandler {
  /** The final response's head; interim responses (1xx) are skipped. The headers are those of the wire, before any decompression. */
  onHead(status: number, headers: HeaderList): void;
  /**
   * A piece of the body, decompressed; one that needs no decompression comes at most once per read of the socket. The bytes
   * belong to the handler, which may keep or change them.
   */
  onData(chunk: Uint8Array): void;
  /** The response is complete. Either this or `onError` is called, once, and nothing after it. */
  onEnd(): void;
  /** What was written of an open body has been taken: more may follow. */
  onRoom?(): void;
  onError(error: HttpError): void;
}

/** A request under way. All methods do nothing once it has ended. */
export interface Exchange {
  /** Closes the socket at once; `onError` hears `aborted` before this returns. */
  abort(): void;
  /** Stops reading from the socket, and the idle and first-byte times. What had been read already may still arrive. */
  pause(): void;
  resume(): void;
  /** Sends a piece of an open body; false: the next should wait for `onRoom`. The bytes must not change any more. */
  write(bytes: Uint8Array): boolean;
  /** The open body is complete. */
  finishBody(): void;
  /** The request went out on a socket that had served another one. */
  readonly reused: boolean;
}

/** The connection that carries an exchange. */
export interface Carrier {
  /** Closes the socket; the exchange hears nothing of it. */
  abandon(): void;
  setReading(reading: boolean): void;
  /** Takes a piece of an open body; false: it waits. */
  sendBody(bytes: Uint8Array): boolean;
  endBody(): void;
}

/** One request and what became of it: hands the response on to the handler, and nothing after its end. */
export class HttpExchange implements Exchange, ResponseSink, DecoderSink {
  readonly request: HttpRequest;
  reused = false;
  private readonly handler: HttpHandler;
  private carrier: Carrier | null = null;
  private decoder: ContentDecoder | null = null;
  private bodyBytes = 0;
  private paused = false;
  private full = false;
  private ended = false;
  /** Pieces of an open body that came before there was a connection for them. */
  private readonly early: Uint8Array[] = [];
  private isSending = false;
  private isBodyDone = false;

  constructor(request: HttpRequest, handler: HttpHandler) {
    this.request = request;
    this.handler = handler;
  }

  get reading(): boolean {
    return !this.paused && !this.full;
  }

  /** The connection that carries it from now on; null when the wire's part is over. */
  carryBy(carrier: Carrier | null): void {
    this.carrier = carrier;
  }

  head(head: ResponseHead, bodyLength: number): void {
    // An answered request is not sent again; a stream may hold on to it for minutes.
    this.request.body = null;
    if (head.coding !== "" && head.coding !== "identity" && bodyLength !== 0) {
      this.decoder = new ContentDecoder(head.coding, this);
    } else if (bodyLength > this.request.maxBodyBytes) throw this.tooLarge();
    this.handler.onHead(head.status, head.headers);
    if (this.paused) this.decoder?.pause();
  }

  data(bytes: Uint8Array): void {
    if (this.ended) return;
    if (this.decoder === null) this.deliver(bytes);
    else this.decoder.write(bytes);
  }

  decoded(bytes: Uint8Array): void {
    if (this.ended) return;
    try {
      this.deliver(bytes);
    } catch (error) {
      this.fail(asHttpError(error));
    }
  }

  decodedAll(): void {
    this.finish();
  }

  decodeFailed(error: HttpError): void {
    this.fail(error);
  }

  decoderFull(full: boolean): void {
    this.full = full;
    this.carrier?.setReading(this.reading);
  }

  /** The response ended exactly where its framing says. */
  complete(): void {
    this.carrier = null;
    if (this.decoder === null) this.finish();
    else this.decoder.end();
  }

  /** Ends the exchange with an error, and the connection that carries it. */
  fail(error: HttpError): void {
    if (this.ended) return;
    this.release();
    try {
      this.handler.onError(error);
    } catch (thrown) {
      reportError(thrown);
    }
  }

  abort(): void {
    this.fail(new HttpError("aborted", "the exchange was aborted"));
  }

  write(bytes: Uint8Array): boolean {
    if (this.ended) return false;
    if (this.isSending && this.carrier !== null) return this.carrier.sendBody(bytes);
    this.early.push(bytes);
    return false;
  }

  finishBody(): void {
    if (this.ended || this.isBodyDone) return;
    this.isBodyDone = true;
    if (this.isSending) this.carrier?.endBody();
  }

  /** The head is written: the open body may follow. */
  bodyWanted(): void {
    this.isSending = true;
    let hasRoom = true;
    for (const bytes of this.early.splice(0)) hasRoom = this.carrier?.sendBody(bytes) ?? false;
    if (this.isBodyDone) this.carrier?.endBody();
    else if (hasRoom) this.room();
  }

  /** The connection has taken all that it was given. */
  room(): void {
    if (!this.ended && !this.isBodyDone) this.handler.onRoom?.();
  }

  pause(): void {
    if (this.ended || this.paused) return;
    this.paused = true;
    this.decoder?.pause();
    this.carrier?.setReading(false);
  }

  resume(): void {
    if (this.ended || !this.paused) return;
    this.paused = false;
    this.decoder?.resume();
    this.carrier?.setReading(this.reading);
  }

  private deliver(bytes: Uint8Array): void {
    this.bodyBytes += bytes.length;
    if (this.bodyBytes > this.request.maxBodyBytes) throw this.tooLarge();
    this.handler.onData(bytes);
  }

  private finish(): void {
    if (this.ended) return;
    this.release();
    try {
      this.handler.onEnd();
    } catch (thrown) {
      reportError(thrown);
    }
  }

  private release(): void {
    this.ended = true;
    this.decoder?.destroy();
    this.carrier?.abandon();
    this.carrier = null;
  }

  private tooLarge(): HttpError {
    return new HttpError("too_large", `the response's body is larger than ${this.request.maxBodyBytes} bytes`);
  }
}

/** What was thrown while reading a response: the reader's own error, or one of the handler. */
export function asHttpError(error: unknown): HttpError {
  return error instanceof HttpError ? error : new HttpError("aborted", "the response's handler threw an error", error);
}
