import type { Frame, StreamDecoder } from "../canonical/dialect.ts";
import type { GatewayError } from "../canonical/errors.ts";
import { replayResponse } from "../canonical/replay.ts";
import { isContent, type StreamPart } from "../canonical/stream-part.ts";
import { nestsTooDeep } from "../lib/json-depth.ts";
import { warnLostPart } from "./lost-answer.ts";
import { protocolFailure } from "../domain/attempt/failure.ts";
import { parseAnswer } from "./answer.ts";
import { brokenOff } from "./broken-off.ts";
import type { Call } from "./call.ts";
import type { ClientStream } from "./client-stream.ts";
import { withExceptions } from "./chunk-exceptions.ts";
import { conceal } from "./conceal.ts";
import type { RequestContext } from "./context.ts";
import { createFrameParser, cutFrames, type FrameParser } from "./frame-parser.ts";
import { FreeTextDecoder, freeTextTools, restoreFreeText } from "./free-text-calls.ts";
import { NameDecoder, restoreNames } from "./tool-names.ts";
import type { PreparedStream } from "./prepared.ts";
import type { Following } from "./kind.ts";
import { settle } from "./settle.ts";
import { StreamCall } from "./stream-call.ts";
import { createStreamOutput, type StreamOutput } from "./stream-output.ts";
import type { WholeAnswer } from "./upstream.ts";

/** A streamed chat. A failure ends the client's stream with the error event of its dialect. */
export class ChatStream extends StreamCall {
  private readonly decoder: StreamDecoder;
  /** Tools whose calls are to be given their text back. */
  private readonly names: ReadonlySet<string> | null;
  private readonly parser: FrameParser;
  private readonly stream: PreparedStream;
  private readonly output: StreamOutput;
  private readonly frames: Frame[] = [];
  private readonly parts: StreamPart[] = [];
  /** How many parts there were after each frame. */
  private readonly ends: number[] = [];
  /** What came before the first content: the request's own only when the client is to see this attempt. */
  private readonly early: StreamPart[] = [];
  /** Content that came in one chunk with an error: the client's, unless another attempt may still give all of it. */
  private last: readonly StreamPart[] = NOTHING;
  /** Items that have begun. */
  private items = 0;

  constructor(context: RequestContext, it: Call, stream: PreparedStream, started: number) {
    super(context, it, started);
    this.stream = stream;
    this.parser = createFrameParser(stream.framing);
    const decoder = stream.dialect.createStreamDecoder(it.prepared.wire.flags);
    const own =
      stream.framing === "eventstream-chunks" ? withExceptions(decoder, it.target.provider, stream.dialect) : decoder;
    const { isRelay, toolNames } = it.prepared;
    const named = toolNames === undefined ? own : new NameDecoder(own, toolNames);
    this.names = isRelay ? null : freeTextTools(context.chat);
    this.decoder = this.names === null ? named : new FreeTextDecoder(named, this.names);
    this.output = createStreamOutput(context, it, stream, this.parser);
  }

  protected override get contentType(): string {
    return this.output.contentType;
  }

  protected override isStream(type: string): boolean {
    return looksLikeStream(type);
  }

  protected override read(chunk: Uint8Array): void {
    const isReadable = cutFrames(this.parser, chunk, this.frames);
    for (const frame of this.frames) {
      this.decode(frame);
      this.ends.push(this.parts.length);
    }
    if (!isReadable) this.parts.push({ type: "error", error: unreadable(this.it.target.provider) });
    this.deliver(chunk);
    this.forget();
  }

  private decode(frame: Frame): void {
    if (nestsTooDeep(frame.data)) this.parts.push({ type: "error", error: unreadable(this.it.target.provider) });
    else this.decoder.push(frame, this.parts);
  }

  /** A stream may say nothing for minutes: until then its last events would be kept. */
  private forget(): void {
    this.frames.length = 0;
    this.parts.length = 0;
    this.ends.length = 0;
  }

  protected override readEnd(): void {
    this.parser.end(this.frames);
    for (const frame of this.frames) this.decode(frame);
    this.decoder.finish(this.parts);
    this.deliver(null);
    this.complete();
  }

  protected override tell(error: GatewayError, client: ClientStream): void {
    this.output.fail(error, client, this.last);
  }

  protected override commit(): ClientStream {
    const client = super.commit();
    for (const part of this.early) this.context.observe(part);
    this.early.length = 0;
    return client;
  }

  /** Hands on what one chunk brought; `chunk` null: the end of the upstream's bytes. */
  private deliver(chunk: Uint8Array | null): void {
    if (this.client === null) this.context.warnings = this.it.lane.warnings;
    let hasContent = false;
    let isEnd = false;
    for (const [at, part] of this.parts.entries()) {
      const failure = this.failureOf(part, hasContent);
      if (failure !== null) return this.providerFailed(failure, chunk, at);
      this.note(part);
      hasContent ||= isContent(part);
      isEnd ||= part.type === "end";
    }
    if (isEnd && !this.settleBeforeEnd()) return;
    this.output.take(chunk, this.frames, this.parts);
    if (this.client === null && hasContent) this.commit();
    if (this.client !== null) this.output.flush(this.client);
  }

  /** `hasContent`: something of the answer stands before the part. */
  private failureOf(part: StreamPart, hasContent: boolean): GatewayError | null {
    if (part.type === "error") return part.error;
    if (part.type === "item_start") return (this.items += 1) > MOST_ITEMS ? crowded(this.it.target.provider) : null;
    if (part.type !== "finish" || part.reason !== "error" || this.client !== null || hasContent) return null;
    return this.it.prepared.isRelay ? null : brokenOff(this.it.target.provider, part.raw);
  }

  private note(part: StreamPart): void {
    if (!this.it.prepared.isRelay) warnLostPart(part, this.context.chatDialect, this.context.warnings);
    if (this.client !== null) return this.context.observe(part);
    this.early.push(part);
    if (part.type === "usage") this.it.earlyUsage = part.usage;
  }

  /** An error within the provider's stream: its own event reaches a client of the same dialect as it is. */
  private providerFailed(said: GatewayError, chunk: Uint8Array | null, at: number): void {
    const error = conceal(said, this.it);
    const isOwn = this.it.prepared.isRelay && error.fields.upstream !== undefined && error === said;
    if (this.client !== null && chunk !== null && isOwn) {
      this.context.error = error;
      settle(this.context);
      this.explain();
      this.output.take(chunk, this.frames, this.parts);
      this.output.flush(this.client);
      return this.close();
    }
    this.last = this.parts.slice(0, this.parts.slice(0, at).findLastIndex(isContent) + 1);
    if (this.client !== null && chunk !== null) this.output.takeBefore(chunk, this.frames, this.frameOf(at));
    this.fail(error);
  }

  /** Number of the frame that brought a part; behind the last: bytes that are none. */
  private frameOf(part: number): number {
    const found = this.ends.findIndex((end) => end > part);
    return found < 0 ? this.frames.length : found;
  }

  protected override next(answer: WholeAnswer): Following | null {
    return this.it.kind.followUp?.(this.context, this.it, answer) ?? null;
  }

  protected override replay(answer: WholeAnswer): void {
    if (this.stream.framing === "ndjson" ? answer.body.includes("}\n{") : looksLikeEvents(answer.body)) {
      this.onData(answer.body);
      return this.onEnd();
    }
    const response = this.stream.dialect.decodeResponse(
      parseAnswer(this.it.target.provider, answer),
      this.it.prepared.wire.flags,
    );
    this.output.encodeAll();
    const { toolNames } = this.it.prepared;
    if (toolNames !== undefined) restoreNames(response, toolNames);
    if (this.names !== null) restoreFreeText(response, this.names);
    this.parts.push(...replayResponse(response));
    this.deliver(null);
    this.complete();
  }
}

const NOTHING: readonly StreamPart[] = [];

/** Texts, thoughts and calls of one stream: each piece is looked up among them, and no model says so many things. */
const MOST_ITEMS = 10_000;

function crowded(provider: string): GatewayError {
  return protocolFailure(provider, `its answer has more than ${MOST_ITEMS} texts, thoughts and calls`);
}

function unreadable(provider: string): GatewayError {
  return protocolFailure(provider, "an event of its stream could not be read");
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
