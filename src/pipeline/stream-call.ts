import type { Frame, StreamDecoder } from "../canonical/dialect.ts";
import { GatewayError } from "../canonical/errors.ts";
import { replayResponse } from "../canonical/replay.ts";
import { isContent, type StreamPart } from "../canonical/stream-part.ts";
import { networkFailure, protocolFailure } from "../domain/attempt/failure.ts";
import type { Exchange, HeaderList, HttpError, HttpHandler } from "../lib/http-client/index.ts";
import { faultOf, parseAnswer } from "./answer.ts";
import type { Call } from "./call.ts";
import { ClientStream } from "./client-stream.ts";
import { withExceptions } from "./chunk-exceptions.ts";
import { createFrameParser, type FrameParser } from "./frame-parser.ts";
import { conceal } from "./conceal.ts";
import type { Reply, RequestContext } from "./context.ts";
import type { PreparedStream } from "./prepared.ts";
import { noteAttempt } from "./note-attempt.ts";
import { settle } from "./settle.ts";
import { createStreamOutput, type StreamOutput } from "./stream-output.ts";
import { Gatherer, send, type WholeAnswer } from "./upstream.ts";

/**
 * One streamed upstream call. Until the first content everything is held back, so that a failure can still turn to the next
 * attempt; from then on every chunk leaves as it comes, and a failure ends the stream with the client dialect's error event.
 */
export class StreamCall implements HttpHandler {
  private readonly context: RequestContext;
  private readonly it: Call;
  private readonly decoder: StreamDecoder;
  private readonly parser: FrameParser;
  private readonly stream: PreparedStream;
  private readonly output: StreamOutput;
  private readonly frames: Frame[] = [];
  private readonly parts: StreamPart[] = [];
  private gatherer: Gatherer | null = null;
  private gathered = 0;
  private exchange: Exchange | null = null;
  private client: ClientStream | null = null;
  private readonly started: number;
  /** The answer was whole and its record stands: what becomes of the connection does not matter any more. */
  private isAnswered = false;
  private isOver = false;
  private resolve: (reply: Reply) => void = () => {};
  private reject: (error: GatewayError) => void = () => {};

  /** `started`: when the attempt began, monotonic. */
  constructor(context: RequestContext, it: Call, stream: PreparedStream, started: number) {
    this.context = context;
    this.it = it;
    this.stream = stream;
    this.started = started;
    this.parser = createFrameParser(stream.framing);
    const decoder = stream.dialect.createStreamDecoder(it.prepared.wire.flags);
    this.decoder =
      stream.framing === "eventstream-chunks" ? withExceptions(decoder, it.target.provider, stream.dialect) : decoder;
    this.output = createStreamOutput(context, it, stream, this.parser);
  }

  /** Resolves with the reply when the first content is there; rejects with the failure before that. */
  open(): Promise<Reply> {
    return new Promise((resolve, reject: (error: GatewayError) => void) => {
      this.resolve = resolve;
      this.reject = reject;
      this.context.giveUp = (reason) => this.fail(reason);
      this.exchange = send(this.context, this.it, this, Infinity);
    });
  }

  onHead(status: number, headers: HeaderList): void {
    const type = headers.get("content-type") ?? "";
    if (status >= 200 && status < 300 && looksLikeStream(type)) return;
    this.gatherer = new Gatherer(
      (answer) => this.whole(answer),
      (error) => this.onError(error),
    );
    this.gatherer.onHead(status, headers);
  }

  onData(chunk: Uint8Array): void {
    if (this.isOver) return;
    if (this.gatherer !== null) return this.gather(this.gatherer, chunk);
    this.frames.length = 0;
    this.parts.length = 0;
    try {
      this.parser.push(chunk, this.frames);
    } catch {
      return this.fail(protocolFailure(this.it.target.provider, "an event of its stream could not be read"));
    }
    for (const frame of this.frames) this.decoder.push(frame, this.parts);
    this.deliver(chunk);
  }

  /** A stream may be of any length, a whole answer in its place may not. */
  private gather(gatherer: Gatherer, chunk: Uint8Array): void {
    this.gathered += chunk.byteLength;
    const { name, network } = this.it.provider.data;
    if (this.gathered > network.maxResponseBytes) return this.fail(networkFailure(name, "too_large"));
    gatherer.onData(chunk);
  }

  onEnd(): void {
    if (this.isOver) return;
    if (this.gatherer !== null) return this.gatherer.onEnd();
    this.frames.length = 0;
    this.parts.length = 0;
    this.parser.end(this.frames);
    for (const frame of this.frames) this.decoder.push(frame, this.parts);
    this.decoder.finish(this.parts);
    this.deliver(null);
    this.complete();
  }

  onError(error: HttpError): void {
    this.fail(networkFailure(this.it.target.provider, error.kind));
  }

  /** Hands on what one chunk brought; `chunk` null: the end of the upstream's bytes. */
  private deliver(chunk: Uint8Array | null): void {
    let hasContent = false;
    let isEnd = false;
    for (const [at, part] of this.parts.entries()) {
      if (part.type === "error") return this.providerFailed(part.error, chunk, at);
      this.context.observe(part);
      hasContent ||= isContent(part);
      isEnd ||= part.type === "end";
    }
    if (isEnd && !this.settleBeforeEnd()) return;
    this.output.take(chunk, this.frames, this.parts);
    if (this.client === null && hasContent) this.commit();
    if (this.client !== null) this.output.flush(this.client);
  }

  /** From here on the client sees this attempt: there is no other after it. */
  private commit(): void {
    this.client = new ClientStream({
      pause: () => this.exchange?.pause(),
      resume: () => this.exchange?.resume(),
      cancelled: () => this.abandoned(),
    });
    noteAttempt(this.context, this.it, this.started, null);
    this.context.isStreaming = true;
    this.context.reply = { status: 200, contentType: this.output.contentType, body: this.client.body };
    this.resolve(this.context.reply);
  }

  private abandoned(): void {
    this.context.cancel(new GatewayError("client_aborted", "the client went away"));
    this.exchange?.abort();
  }

  /** The record stands in the journal before the client sees the end; when it cannot, the client is told. */
  private settleBeforeEnd(): boolean {
    if (this.client === null) this.commit();
    const failure = settle(this.context);
    if (failure !== null) this.fail(failure);
    else this.isAnswered = true;
    return failure === null;
  }

  /** An error within the provider's stream: its own event reaches a client of the same dialect as it is. */
  private providerFailed(said: GatewayError, chunk: Uint8Array | null, at: number): void {
    const error = conceal(said, this.it);
    const isOwn = this.it.prepared.isRelay && error.fields.upstream !== undefined && error === said;
    if (this.client !== null && chunk !== null && isOwn) {
      this.context.error = error;
      settle(this.context);
      this.output.take(chunk, this.frames, this.parts);
      this.output.flush(this.client);
      return this.close();
    }
    this.fail(error, this.parts.slice(0, this.parts.slice(0, at).findLastIndex(isContent) + 1));
  }

  /** `content`: what came in one chunk with the error; the client's, unless another attempt may still give all of it. */
  private fail(error: GatewayError, content: readonly StreamPart[] = []): void {
    if (this.isOver) return;
    // Before the abort, which reports itself as an error of its own.
    this.isOver = true;
    this.exchange?.abort();
    if (this.client === null) return this.reject(error);
    if (!this.isAnswered) {
      this.context.error ??= error;
      settle(this.context);
      if (error.code !== "client_aborted") this.output.fail(error, this.client, content);
    }
    this.client.end();
  }

  private complete(): void {
    if (this.isOver) return;
    if (this.isAnswered || this.settleBeforeEnd()) this.close();
  }

  private close(): void {
    this.isOver = true;
    this.exchange?.abort();
    this.client?.end();
  }

  /** The upstream answered a stream request with a whole body: an error, an answer, or something else. */
  private whole(answer: WholeAnswer): void {
    if (this.isOver) return;
    try {
      this.replay(answer);
    } catch (error) {
      this.fail(
        error instanceof GatewayError
          ? error
          : protocolFailure(this.it.target.provider, "its answer could not be read"),
      );
    }
  }

  private replay(answer: WholeAnswer): void {
    const { provider } = this.it.target;
    const { dialect } = this.stream;
    if (answer.status < 200 || answer.status > 299)
      throw faultOf(provider, dialect, answer, this.context.runtime.clock.wall());
    this.gatherer = null;
    if (this.stream.framing === "ndjson" ? answer.body.includes("}\n{") : looksLikeEvents(answer.body)) {
      this.onData(answer.body);
      return this.onEnd();
    }
    const response = dialect.decodeResponse(parseAnswer(provider, answer), this.it.prepared.wire.flags);
    this.output.encodeAll();
    this.frames.length = 0;
    this.parts.length = 0;
    this.parts.push(...replayResponse(response));
    this.deliver(null);
    this.complete();
  }
}

/** Lines of JSON are a stream, one JSON text is not. */
function looksLikeStream(type: string): boolean {
  return type.includes("ndjson") || (!type.includes("json") && !type.includes("html"));
}

/** Some hosts label their streams `application/json`. */
function looksLikeEvents(body: Buffer): boolean {
  const start = body.toString("latin1", 0, 64).trimStart();
  return start.startsWith("data:") || start.startsWith("event:") || start.startsWith(":");
}
