import type { Exchange } from "../../lib/http-client/index.ts";

/** Moves a client's body to an upstream, no faster than that takes it. */
export class BodyPump {
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  private isOver = false;
  private wake: (() => void) | null = null;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.reader = stream.getReader();
  }

  /** Rejects when the client's body breaks off. Resolves at its end, or once stopped. */
  async run(exchange: Exchange): Promise<void> {
    for (;;) {
      const { done, value } = await this.reader.read();
      if (this.isOver) return;
      if (done) return exchange.finishBody();
      if (exchange.write(value)) continue;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** The upstream has room again. */
  room(): void {
    this.wake?.();
    this.wake = null;
  }

  /** Nothing more is wanted. */
  stop(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.room();
    this.reader.cancel().catch(() => {});
  }
}
