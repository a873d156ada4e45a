import type { Frame, StreamEncoder } from "../canonical/dialect.ts";
import type { GatewayError } from "../canonical/errors.ts";
import type { StreamPart } from "../canonical/stream-part.ts";
import { endOfLastEvent } from "../lib/sse-event-end.ts";
import type { SseParser } from "../lib/sse.ts";
import { sseEvent } from "../lib/sse-write.ts";
import type { Call } from "./call.ts";
import type { ClientStream } from "./client-stream.ts";
import type { RequestContext } from "./context.ts";
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
  private readonly parser: SseParser;
  private readonly context: RequestContext;
  private readonly it: Call;
  private encoder: StreamEncoder | null = null;

  constructor(context: RequestContext, it: Call, parser: SseParser, mode: Mode) {
    this.context = context;
    this.it = it;
    this.parser = parser;
    this.mode = mode;
    const { dialect, jsonArrayStream } = context.arrival;
    this.contentType = jsonArrayStream ? "application/json" : dialect.streamContentType;
  }

  /** From now on parts are encoded, whatever the mode was: the upstream did not stream. */
  encodeAll(): void {
    this.mode = "encode";
  }

  /** Takes what one chunk brought; `chunk` null: the end of the upstream's bytes. */
  take(chunk: Uint8Array | null, frames: readonly Frame[], parts: readonly StreamPart[]): void {
    if (this.mode === "encode") return this.takeText(this.encode(parts));
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
    else this.takeText(this.encode(content));
    this.takeText(encoder.encode({ type: "error", error }));
    this.flush(client);
  }

  private takeWhole(chunk: Uint8Array | null): void {
    if (this.unfinished.length > 0) this.held.push(...this.unfinished.splice(0));
    if (chunk !== null) this.held.push(chunk);
  }

  /** Only whole events leave: an error event that followed a part of one would be lost in it. */
  private takeCut(chunk: Uint8Array, hasEvent: boolean): void {
    const end = hasEvent ? endOfLastEvent(chunk) : 0;
    if (end > 0) this.takeWhole(chunk.subarray(0, end));
    this.unfinished.push(end > 0 ? chunk.subarray(end) : chunk);
  }

  private takeText(text: string): void {
    if (text !== "") this.held.push(Buffer.from(text));
  }

  private encode(parts: readonly StreamPart[]): string {
    const encoder = this.ready();
    let text = "";
    for (const part of parts) text += encoder.encode(part);
    return text;
  }

  /** A chunk without a whole event may be a comment that keeps the connection alive: the client gets one too. */
  private soften(frames: readonly Frame[], chunk: Uint8Array | null): string {
    if (frames.length === 0) return chunk === null || chunk[0] !== COLON ? "" : ": keep-alive\n\n";
    const { streamUsage } = this.it.prepared.dialect;
    let text = "";
    for (const { event, data } of frames) text += sseEvent(event, streamUsage?.soften(data) ?? data);
    return text;
  }

  private ready(): StreamEncoder {
    if (this.encoder !== null) return this.encoder;
    const { dialect, jsonArrayStream } = this.context.arrival;
    const reply = replyContext(this.context);
    this.encoder =
      jsonArrayStream && dialect.createArrayEncoder !== undefined
        ? dialect.createArrayEncoder(reply)
        : dialect.createStreamEncoder(reply);
    return this.encoder;
  }
}

const COLON = 58;
const NO_START: StreamPart = { type: "start", id: "", model: "", createdAt: 0 };

/** The output of one streamed call; `parser` reads the upstream's bytes. */
export function createStreamOutput(context: RequestContext, it: Call, parser: SseParser): StreamOutput {
  const { isRelay, softensUsage } = it.prepared;
  const mode = !isRelay || context.arrival.jsonArrayStream ? "encode" : softensUsage ? "soften" : "relay";
  return new StreamOutput(context, it, parser, mode);
}
