/** What a client's stream needs from its source. */
export interface StreamSource {
  pause(): void;
  resume(): void;
  /** The client went away. */
  cancelled(): void;
}

/** Where the runtime takes the bytes of a stream: it sends them at the latest when it has nothing else to do. */
type Sink = ReadableStreamDirectController;

const NOTHING: Uint8Array[] = [];

/**
 * The body of a streamed response. What is written leaves at once; when the client reads slower than the source sends, so that
 * the system takes no more of it, the source is paused until it has. The runtime's own kind of stream, `direct`: others keep a
 * queue, which takes half as much memory again for each stream that says nothing, and longer for each event
 * (https://bun.com/docs/runtime/streams#direct-readablestream).
 */
export class ClientStream implements Bun.DirectUnderlyingSource<Uint8Array> {
  readonly type = "direct";
  readonly body: ReadableStream<Uint8Array>;
  private readonly source: StreamSource;
  private sink: Sink | null = null;
  /** Written before the runtime asked for anything. */
  private early: Uint8Array[] = [];
  private isOpen = true;
  private isCut = false;
  private isPaused = false;
  /** Ends what the runtime waits for; null until it waits. */
  private finish: ((end: void | Promise<void>) => void) | null = null;

  constructor(source: StreamSource) {
    this.source = source;
    // The types of the web platform do not know this kind.
    this.body = new ReadableStream<Uint8Array>(this as unknown as UnderlyingSource<Uint8Array>);
  }

  write(chunk: Uint8Array): void {
    if (!this.isOpen || chunk.byteLength === 0) return;
    if (this.sink === null) this.early.push(chunk);
    else this.send(this.sink, chunk);
  }

  end(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    // Readers within the process, unlike sockets, take no promise for the end.
    void this.sink?.end();
    this.finish?.();
  }

  /** Ends the connection in the midst of the answer, so that the client notices that there is no end. */
  fail(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.isCut = true;
    this.finish?.(cutOff());
  }

  /** For the runtime, which calls it once: the stream is open for as long as the promise is. */
  pull(sink: Sink): Promise<void> {
    this.sink = sink;
    for (const chunk of this.early) this.send(sink, chunk);
    this.early = NOTHING;
    if (this.isCut) return cutOff();
    if (!this.isOpen) void sink.end();
    return this.isOpen ? new Promise((resolve) => (this.finish = resolve)) : Promise.resolve();
  }

  /** For the runtime: the client went away. */
  cancel(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.source.cancelled();
  }

  /** What is not taken at once is a promise of when it is. */
  private send(sink: Sink, chunk: Uint8Array): void {
    const taken = sink.write(chunk);
    if (this.isPaused || typeof taken === "number") return;
    this.isPaused = true;
    this.source.pause();
    const resume = (): void => this.resume();
    taken.then(resume, resume);
  }

  private resume(): void {
    this.isPaused = false;
    if (this.isOpen) this.source.resume();
  }
}

/** The runtime cuts off a stream that rejects; with a reason it would report it as a fault. */
function cutOff(): Promise<void> {
  return Promise.reject();
}
