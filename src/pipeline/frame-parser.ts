import type { Frame, Framing } from "../canonical/dialect.ts";
import type { EventStreamMessage } from "../lib/eventstream/message.ts";
import { EventStreamParser } from "../lib/eventstream/parser.ts";
import { LineReader } from "../lib/ndjson.ts";
import { SseParser } from "../lib/sse.ts";

/** Cuts the bytes of a stream into frames. */
export interface FrameParser {
  /** Nothing is held of a frame that has not ended. */
  readonly isBetween: boolean;
  /** Bytes held of that frame, where the framing tells lengths. */
  readonly heldBytes?: number;
  /** Appends the frames that this chunk completes; throws when the bytes cannot be of this framing, behind those that could. */
  push(chunk: Uint8Array, out: Frame[]): void;
  /** The stream is over. */
  end(out: Frame[]): void;
}

const PARSERS: Readonly<Record<Framing, () => FrameParser>> = {
  sse: () => new SseParser(),
  ndjson: () => new LineFrames(),
  eventstream: () => new MessageFrames(frameOf),
  "eventstream-chunks": () => new MessageFrames(chunkFrame),
};

/** A parser of this framing, for one stream. */
export function createFrameParser(framing: Framing): FrameParser {
  return PARSERS[framing]();
}

/** Appends the frames that this chunk completes; false when it holds bytes that are no frame, or one larger than any may be. */
export function cutFrames(parser: FrameParser, chunk: Uint8Array, out: Frame[]): boolean {
  try {
    parser.push(chunk, out);
    return true;
  } catch {
    return false;
  }
}

class LineFrames implements FrameParser {
  private readonly reader = new LineReader();
  private readonly lines: string[] = [];

  get isBetween(): boolean {
    return this.reader.isBetween;
  }

  push(chunk: Uint8Array, out: Frame[]): void {
    try {
      this.reader.push(chunk, this.lines);
    } finally {
      this.take(out);
    }
  }

  end(out: Frame[]): void {
    this.reader.end(this.lines);
    this.take(out);
  }

  private take(out: Frame[]): void {
    for (const data of this.lines) out.push({ event: "", data });
    this.lines.length = 0;
  }
}

class MessageFrames implements FrameParser {
  private readonly parser = new EventStreamParser();
  private readonly messages: EventStreamMessage[] = [];
  private readonly read: (message: EventStreamMessage) => Frame;

  constructor(read: (message: EventStreamMessage) => Frame) {
    this.read = read;
  }

  get isBetween(): boolean {
    return this.parser.heldBytes === 0;
  }

  get heldBytes(): number {
    return this.parser.heldBytes;
  }

  push(chunk: Uint8Array, out: Frame[]): void {
    try {
      this.parser.push(chunk, this.messages);
    } finally {
      for (const message of this.messages) out.push(this.read(message));
      this.messages.length = 0;
    }
  }

  /** What is held of a message that was cut is of no use; the decoder finds that the answer did not end. */
  end(): void {}
}

function frameOf({ headers, payload }: EventStreamMessage): Frame {
  const event = headers[":event-type"] ?? headers[":exception-type"] ?? headers[":error-code"] ?? "";
  return { event, data: payload.length === 0 ? (headers[":error-message"] ?? "") : textOf(payload) };
}

/** The event within a chunk of InvokeModelWithResponseStream; exceptions come as they are. */
function chunkFrame(message: EventStreamMessage): Frame {
  const frame = frameOf(message);
  if (frame.event !== "chunk") return frame;
  const { bytes } = JSON.parse(frame.data) as { bytes?: unknown };
  if (typeof bytes !== "string") throw new TypeError("a chunk without bytes");
  const inner = Buffer.from(bytes, "base64");
  // What is no base64 is passed over in decoding: the event would be lost without a trace.
  if (inner.length !== Buffer.byteLength(bytes, "base64")) throw new TypeError("a chunk that is no base64");
  return { event: "", data: inner.toString("utf8") };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
