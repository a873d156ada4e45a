import type { Frame, StreamEncoder } from "../canonical/dialect.ts";
import type { GatewayError } from "../canonical/errors.ts";
import type { StreamPart } from "../canonical/stream-part.ts";
import { endOfLastEvent } from "../lib/sse-event-end.ts";
import { chunkWriter, type ChunkWriter } from "./reframe.ts";
import { sseEvent } from "../lib/sse-write.ts";
import type { ClientStream } from "./client-stream.ts";
import type { Call } from "./call.ts";
import type { RequestContext } from "./context.ts";
import type { FrameParser } from "./frame-parser.ts";
import type { PreparedStream } from "./prepared.ts";
import { replyContext } from "./reply-context.ts";

type Mode = "relay" | "soften" | "encode";

/** Turns what an upstream stream brings into the client's bytes: its own chunks, its own events, or encoded parts. */
export class StreamOutput {
  readonly contentType: string;
  private mode: Mode;
  private readonly held: Uint8Array[] = [];
  /** Bytes of a relayed event that has not ended. */
  private readonly unfinished: Uint8Array[] = [];
  /** The start of a relayed answer. */
  private start: StreamPart | null = null;
  private readonly parser: FrameParser;
  private readonly context: RequestContext;
  private readonly stream: PreparedStream;
  /** Wraps events where the client's framing is not its dialect's own. */
  private readonly wrap: ChunkWriter | null;
  private encoder: StreamEncoder | null = null;

  constructor(context: RequestContext, stream: PreparedStream, parser: FrameParser, mode: Mode) {
    this.context = context;
    this.stream = stream;
    this.parser = parser;
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
    else if (chunk === null || this.parser.isBetween) this.takeWhole(chunk);
    else this.takeCut(chunk, frames.length > 0);
  }

  /** Hands everything held to the client. */
  flush(client: ClientStream): void {
    for (const chunk of this.held) client.write(chunk);
    this.held.length = 0;
  }

  /** Ends the stream with the client dialect's error event, after content that came in one chunk with the error. */
  fail(error: GatewayError, client: ClientStream, content: readonly StreamPart[]): void {
    const encoder = this.ready();
    // What was relayed the encoder has not seen: it must not begin a second answer.
    if (this.mode !== "encode") encoder.encode(this.start ?? NO_START);
    else this.encode(content);
    if (this.wrap !== null) this.held.push(this.wrap.fail(error));
    else this.takeEncoded(encoder.encode({ type: "error", error }));
    this.flush(client);
  }

  private takeWhole(chunk: Uint8Array | null): void {
    if (this.unfinished.length > 0) this.held.push(...this.unfinished.splice(0));
    if (chunk !== null) this.held.push(chunk);
  }

  /** Only whole events leave: an error event that followed a part of one would be lost in it. */
  private takeCut(chunk: Uint8Array, hasEvent: boolean): void {
    const { held } = this.parser;
    const isLines = this.stream.framing === "ndjson";
    const ended = isLines ? chunk.lastIndexOf(LF) + 1 : hasEvent ? endOfLastEvent(chunk) : 0;
    const end = held === undefined ? ended : hasEvent ? chunk.length - held : 0;
    if (end > 0) this.takeWhole(chunk.subarray(0, end));
    this.unfinished.push(end > 0 ? chunk.subarray(end) : chunk);
  }

  private takeText(text: string): void {
    if (text !== "") this.held.push(Buffer.from(text));
  }

  /** Text of several parts leaves in one piece. */
  private encode(parts: readonly StreamPart[]): void {
    const encoder = this.ready();
    let text = "";
    for (const part of parts) {
      const encoded = encoder.encode(part);
      if (typeof encoded === "string") text += encoded;
      else this.held.push(encoded);
    }
    this.takeEncoded(text);
  }

  private takeEncoded(encoded: string | Uint8Array): void {
    if (typeof encoded !== "string") this.held.push(encoded);
    else if (this.wrap === null) this.takeText(encoded);
    else this.held.push(...this.wrap.write(encoded));
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
const LF = 10;
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
