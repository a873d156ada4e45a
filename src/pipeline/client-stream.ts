/** Bytes that wait for a slow reader before the upstream is paused. */
const HIGH_WATER_BYTES = 256 * 1024;
/** When no more than these wait, it goes on. The runtime sets aside as much for each stream, so it is not the former. */
const LOW_WATER_BYTES = 2048;

/** What a client's stream needs from its source. */
export interface StreamSource {
  pause(): void;
  resume(): void;
  /** The client went away. */
  cancelled(): void;
}

/**
 * The body of a streamed response. What is written leaves at once; when the client reads slower than the source sends, the
 * source is paused until the queue has room again.
 */
export class ClientStream {
  readonly body: ReadableStream<Uint8Array>;
  private controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  private isPaused = false;
  private isOpen = true;
  private readonly source: StreamSource;

  constructor(source: StreamSource) {
    this.source = source;
    const queue: QueuingStrategy<Uint8Array> = { highWaterMark: LOW_WATER_BYTES, size: byteLength };
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.controller = controller;
        },
        pull: () => this.resume(),
        cancel: () => this.cancel(),
      },
      queue,
    );
  }

  write(chunk: Uint8Array): void {
    if (!this.isOpen || this.controller === null || chunk.byteLength === 0) return;
    this.controller.enqueue(chunk);
    if (this.isPaused || (this.controller.desiredSize ?? 0) > LOW_WATER_BYTES - HIGH_WATER_BYTES) return;
    this.isPaused = true;
    this.source.pause();
  }

  end(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.controller?.close();
  }

  /** Ends the connection in the midst of the answer, so that the client notices that there is no end. */
  fail(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.controller?.error();
  }

  private resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.source.resume();
  }

  private cancel(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.source.cancelled();
  }
}

function byteLength(chunk: Uint8Array | undefined): number {
  return chunk?.byteLength ?? 0;
}
