import type { Transform } from "node:stream";
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from "node:zlib";
import { HttpError } from "./http-error.ts";

/** Receives what a decoder makes of the bytes written to it. */
export interface DecoderSink {
  decoded(bytes: Uint8Array): void;
  decodedAll(): void;
  decodeFailed(error: HttpError): void;
  /** The decoder wants no more bytes (true) or wants them again (false). */
  decoderFull(full: boolean): void;
}

const ZLIB = { flush: constants.Z_SYNC_FLUSH };
const DEFLATE_METHOD = 8;

/** A stream per coding; the first byte tells zlib-wrapped from raw `deflate`, which some servers send. */
const STREAMS: Record<string, (firstByte: number) => Transform> = {
  gzip: () => createGunzip(ZLIB),
  "x-gzip": () => createGunzip(ZLIB),
  deflate: (firstByte) => ((firstByte & 15) === DEFLATE_METHOD ? createInflate(ZLIB) : createInflateRaw(ZLIB)),
  br: () => createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH }),
  zstd: () => createZstdDecompress(),
};

/**
 * Undoes one `content-encoding` (RFC 9110, section 8.4), giving out what each write makes available. Corrupt data is
 * `protocol`, data that ends too early `truncated`; the runtime's zstd decoder cannot tell the latter.
 */
export class ContentDecoder {
  private readonly coding: string;
  private readonly sink: DecoderSink;
  private stream: Transform | null = null;
  private paused = false;

  /** Throws `protocol` for a coding other than gzip, deflate, br and zstd. */
  constructor(coding: string, sink: DecoderSink) {
    if (!Object.hasOwn(STREAMS, coding)) {
      throw new HttpError("protocol", `content-encoding ${JSON.stringify(coding)} is not supported`);
    }
    this.coding = coding;
    this.sink = sink;
  }

  write(bytes: Uint8Array): void {
    this.stream ??= this.open(bytes[0] ?? 0);
    if (!this.stream.write(bytes)) this.sink.decoderFull(true);
  }

  /** The body is complete; an empty one is no error. */
  end(): void {
    if (this.stream === null) this.sink.decodedAll();
    else this.stream.end();
  }

  pause(): void {
    this.paused = true;
    this.stream?.pause();
  }

  resume(): void {
    this.paused = false;
    this.stream?.resume();
  }

  /** Nothing reaches the sink any more. */
  destroy(): void {
    this.stream?.removeAllListeners().on("error", ignore).destroy();
  }

  private open(firstByte: number): Transform {
    const stream = STREAMS[this.coding]?.(firstByte) ?? createGunzip(ZLIB);
    stream.on("data", (bytes: Uint8Array) => this.sink.decoded(bytes));
    stream.on("drain", () => this.sink.decoderFull(false));
    stream.on("end", () => this.sink.decodedAll());
    stream.on("error", (error) => this.sink.decodeFailed(decodingError(this.coding, error)));
    if (this.paused) stream.pause();
    return stream;
  }
}

function ignore(): void {}

function decodingError(coding: string, error: Error): HttpError {
  const cut = "code" in error && error.code === "Z_BUF_ERROR";
  return new HttpError(cut ? "truncated" : "protocol", `the ${coding} body cannot be decoded: ${error.message}`, error);
}
