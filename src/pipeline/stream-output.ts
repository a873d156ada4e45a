import type { Frame, StreamEncoder } from "../canonical/dialect.ts";
import type { GatewayError } from "../canonical/errors.ts";
import type { StreamPart } from "../canonical/stream-part.ts";
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
  private readonly context: RequestContext;
  private readonly it: Call;
  private encoder: StreamEncoder | null = null;

  constructor(context: RequestContext, it: Call, mode: Mode) {
    this.context = context;
    this.it = it;
    this.mode = mode;
    const { dialect, jsonArrayStream } = context.arrival;
    this.contentType = jsonArrayStream ? "application/json" : dialect.streamContentType;
  }

  /** From now on parts are encoded, whatever the mode was: the upstream did not stream. */
  encodeAll(): void {
    this.mode = "encode";
  }

  /** Takes what one chunk brought. */
  take(chunk: Uint8Array | null, frames: readonly Frame[], parts: readonly StreamPart[]): void {
    if (this.mode === "encode") this.takeText(this.encode(parts));
    else if (this.mode === "soften") this.takeText(this.soften(frames, chunk));
    else if (chunk !== null) this.held.push(chunk);
  }

  /** Hands everything held to the client. */
  flush(client: ClientStream): void {
    for (const chunk of this.held) client.write(chunk);
    this.held.length = 0;
  }

  /** Ends the stream with the client dialect's error event. */
  fail(error: GatewayError, client: ClientStream): void {
    this.takeText(this.ready().encode({ type: "error", error }));
    this.flush(client);
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

/** The output of one streamed call. */
export function createStreamOutput(context: RequestContext, it: Call): StreamOutput {
  const { isRelay, softensUsage } = it.prepared;
  const mode = !isRelay || context.arrival.jsonArrayStream ? "encode" : softensUsage ? "soften" : "relay";
  return new StreamOutput(context, it, mode);
}
