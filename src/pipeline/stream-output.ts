import type { Frame, StreamEncoder } from "../canonical/dialect.ts";
import type { GatewayError } from "../canonical/errors.ts";
import type { StreamPart } from "../canonical/stream-part.ts";
import { chunkWriter, type ChunkWriter } from "./reframe.ts";
import { sseEvent } from "../lib/sse-write.ts";
import type { ClientStream } from "./client-stream.ts";
import type { Call } from "./call.ts";
import type { RequestContext } from "./context.ts";
import { EventRelay } from "./event-relay.ts";
import type { FrameParser } from "./frame-parser.ts";
import type { PreparedStream } from "./prepared.ts";
import { replyContext } from "./reply-context.ts";

type Mode = "relay" | "soften" | "encode";

/** Turns what an upstream stream brings into the client's bytes: its own chunks, its own events, or encoded parts. */
export class StreamOutput {
  readonly contentType: string;
  private mode: Mode;
  private readonly relay: EventRelay;
  /** The start of a relayed answer. */
  private start: StreamPart | null = null;
  private readonly context: RequestContext;
  private readonly stream: PreparedStream;
  /** Wraps events where the client's framing is not its dialect's own. */
  private readonly wrap: ChunkWriter | null;
  private encoder: StreamEncoder | null = null;

  constructor(context: RequestContext, stream: PreparedStream, parser: FrameParser, mode: Mode) {
    this.context = context;
    this.stream = stream;
    this.relay = new EventRelay(parser, stream.framing);
    this.mode = mode;
    const { framing, jsonArrayStream } = context.arrival;
    this.wrap = framing === "eventstream-chunks" ? chunkWriter() : null;
    const own = this.wrap?.contentType ?? context.chatDialect.streamContentType;
    this.contentType = jsonArrayStream ? "application/json" : own;
  }

  /** From now on parts are encoded, whatever the mode was: the upstream did not stream. */
  encodeAll(): void {
    this.mode = "encode";
  }

  /** Takes what one chunk brought; `chunk` null: the end of the upstream's bytes. */
  take(chunk: Uint8Array | null, frames: readonly Frame[], parts: readonly StreamPart[]): void {
    if (this.mode === "encode") return this.encode(parts);
    this.start ??= parts.find((part) => part.type === "start") ?? null;
    if (this.mode === "soften") this.takeText(this.soften(frames, chunk));
    else this.relay.take(chunk, frames.length > 0);
  }

  /** Takes what stood in a chunk before the frame that ended the answer. Parts that are encoded go with `fail`. */
  takeBefore(chunk: Uint8Array, frames: readonly Frame[], failed: number): void {
    if (this.mode === "soften") this.takeText(this.soften(frames.slice(0, failed), null));
    if (this.mode === "relay") this.relay.takeBefore(chunk, frames, failed);
  }

  /** Hands everything held to the client. */
  flush(client: ClientStream): void {
    this.relay.flush(client);
  }

  /** Ends the stream with the client dialect's error event, after content that came in one chunk with the error. */
  fail(error: GatewayError, client: ClientStream, content: readonly StreamPart[]): void {
    const encoder = this.ready();
    // What was relayed the encoder has not seen: it must not begin a second answer.
    if (this.mode !== "encode") encoder.encode(this.start ?? NO_START);
    else this.encode(content);
    if (this.wrap !== null) this.relay.held.push(this.wrap.fail(error));
    else this.takeEncoded(encoder.encode({ type: "error", error }));
    this.flush(client);
  }

  private takeText(text: string): void {
    if (text !== "") this.relay.held.push(Buffer.from(text));
  }

  /** Text of several parts leaves in one piece. */
  private encode(parts: readonly StreamPart[]): void {
    const encoder = this.ready();
    let text = "";
    for (const part of parts) {
      const encoded = encoder.encode(part);
      if (typeof encoded === "string") text += encoded;
      else this.takeEncoded(encoded);
    }
    this.takeEncoded(text);
  }

  private takeEncoded(encoded: string | Uint8Array): void {
    if (this.wrap !== null) this.relay.held.push(...this.wrap.write(encoded));
    else if (typeof encoded === "string") this.takeText(encoded);
    else this.relay.held.push(encoded);
  }

  /** A chunk without a whole event may be a comment that keeps the connection alive: the client gets one too. */
  private soften(frames: readonly Frame[], chunk: Uint8Array | null): string {
    if (frames.length === 0) return chunk === null || chunk[0] !== COLON ? "" : ": keep-alive\n\n";
    const { soften } = this.stream;
    let text = "";
    for (const { event, data } of frames) text += sseEvent(event, soften?.(data) ?? data);
    return text;
  }

  private ready(): StreamEncoder {
    if (this.encoder !== null) return this.encoder;
    const { arrival, chatDialect: dialect } = this.context;
    const reply = replyContext(this.context);
    this.encoder =
      arrival.jsonArrayStream && dialect.createArrayEncoder !== undefined
        ? dialect.createArrayEncoder(reply)
        : dialect.createStreamEncoder(reply);
    return this.encoder;
  }
}

const COLON = 58;
const NO_START: StreamPart = { type: "start", id: "", model: "", createdAt: 0 };

/** The output of one streamed call; `parser` reads the upstream's bytes. */
export function createStreamOutput(
  context: RequestContext,
  { prepared }: Call,
  stream: PreparedStream,
  parser: FrameParser,
): StreamOutput {
  const { arrival, chatDialect } = context;
  const isSameFraming = stream.framing === (arrival.framing ?? chatDialect.framing);
  const isRelay = prepared.isRelay && isSameFraming && !arrival.jsonArrayStream;
  const mode = !isRelay ? "encode" : stream.soften === null ? "relay" : "soften";
  return new StreamOutput(context, stream, parser, mode);
}
