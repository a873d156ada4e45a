import type { Frame, Framing } from "../canonical/dialect.ts";
import { endOfLastEvent } from "../lib/sse-event-end.ts";
import type { ClientStream } from "./client-stream.ts";
import type { FrameParser } from "./frame-parser.ts";

const LF = 10;

/** Bytes on their way to a client, held until it may see them. Of a relayed stream only whole events leave. */
export class EventRelay {
  readonly held: Uint8Array[] = [];
  /** Bytes of a relayed event that has not ended. */
  private readonly unfinished: Uint8Array[] = [];
  private readonly parser: FrameParser;
  private readonly isLines: boolean;

  constructor(parser: FrameParser, framing: Framing) {
    this.parser = parser;
    this.isLines = framing === "ndjson";
  }

  /** Takes a chunk that the parser has read; null: the end of the upstream's bytes. */
  take(chunk: Uint8Array | null, hasEvent: boolean): void {
    if (chunk === null || this.parser.isBetween) this.takeWhole(chunk);
    else this.takeCut(chunk, hasEvent);
  }

  /** Takes what a chunk completes before a number of its frames, which is the first that is no good; all of it or nothing. */
  takeBefore(chunk: Uint8Array, frames: readonly Frame[], failed: number): void {
    if (failed === 0) return;
    const tellsLengths = this.parser.heldBytes !== undefined;
    const end = tellsLengths ? this.endOfMessages(chunk, failed) : this.startOf(chunk, frames[failed]?.data ?? "");
    if (end > 0) this.takeWhole(chunk.subarray(0, end));
  }

  /** Hands everything held to the client. */
  flush(client: ClientStream): void {
    for (const chunk of this.held) client.write(chunk);
    this.held.length = 0;
  }

  private takeWhole(chunk: Uint8Array | null): void {
    if (this.unfinished.length > 0) this.held.push(...this.unfinished.splice(0));
    if (chunk !== null) this.held.push(chunk);
  }

  /** Where whole events end before one with such data; 0: not found. */
  private startOf(chunk: Uint8Array, data: string): number {
    const [line = ""] = data.split("\n", 1);
    const at = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).indexOf(line);
    const before = chunk.subarray(0, Math.max(0, at));
    return this.isLines ? before.lastIndexOf(LF) + 1 : endOfLastEvent(before);
  }

  /** Where so many messages end, the first of which may have begun in chunks before. */
  private endOfMessages(chunk: Uint8Array, count: number): number {
    const held = this.unfinished.reduce((sum, bytes) => sum + bytes.length, 0);
    const bytes = Buffer.concat([...this.unfinished, chunk]);
    let end = 0;
    for (let message = 0; message < count; message += 1) end += bytes.readUInt32BE(end);
    return end - held;
  }

  /** An error event that followed a part of another would be lost in it. */
  private takeCut(chunk: Uint8Array, hasEvent: boolean): void {
    const end = this.endOfLastFrame(chunk, hasEvent);
    if (end > 0) this.takeWhole(chunk.subarray(0, end));
    this.unfinished.push(end > 0 ? chunk.subarray(end) : chunk);
  }

  private endOfLastFrame(chunk: Uint8Array, hasEvent: boolean): number {
    // A line without an event is a comment or empty: it is whole all the same.
    if (this.isLines) return chunk.lastIndexOf(LF) + 1;
    if (!hasEvent) return 0;
    const { heldBytes } = this.parser;
    return heldBytes === undefined ? endOfLastEvent(chunk) : chunk.length - heldBytes;
  }
}
