import type { Frame } from "../canonical/dialect.ts";
import type { GatewayError } from "../canonical/errors.ts";
import type { TaskEventReader } from "../canonical/task.ts";
import type { Usage } from "../canonical/usage.ts";
import { networkFailure, protocolFailure } from "../domain/attempt/failure.ts";
import type { HeaderList } from "../lib/http-client/index.ts";
import { sseEvent } from "../lib/sse-write.ts";
import type { Call } from "./call.ts";
import type { ClientStream } from "./client-stream.ts";
import { conceal } from "./conceal.ts";
import type { RequestContext } from "./context.ts";
import { EventRelay } from "./event-relay.ts";
import { createFrameParser, cutFrames, type FrameParser } from "./frame-parser.ts";
import type { PreparedTaskStream } from "./prepared.ts";
import { settle } from "./settle.ts";
import { StreamCall } from "./stream-call.ts";
import { decodeAnswer, encodeEvents } from "./task-answer.ts";
import type { WholeAnswer } from "./upstream.ts";

/**
 * An answer in bytes, audio or video: they pass as they come. One that fails under way ends the client's connection before
 * its end, as there is no other way to tell in the midst of a file.
 */
export class TaskBytes extends StreamCall {
  protected override contentType = "application/octet-stream";
  private readonly stream: PreparedTaskStream;

  constructor(context: RequestContext, it: Call, stream: PreparedTaskStream, started: number) {
    super(context, it, started);
    this.stream = stream;
  }

  /** Text in place of media is an error that came with a good status. */
  protected override isStream(type: string): boolean {
    return !type.includes("json") && !type.includes("html");
  }

  protected override begin(headers: HeaderList): void {
    const { codec, request } = this.stream;
    this.contentType = headers.get("content-type") ?? this.contentType;
    this.context.usage = codec.bytesUsage?.(request, { header: (name) => headers.get(name) }) ?? null;
  }

  protected override read(chunk: Uint8Array): void {
    this.context.firstContentAt ??= this.context.runtime.clock.monotonic();
    (this.client ?? this.commit()).write(chunk);
  }

  protected override readEnd(): void {
    if (this.client === null) return this.fail(protocolFailure(this.it.target.provider, "its answer was empty"));
    this.complete();
  }

  protected override replay({ headers }: WholeAnswer): void {
    const type = headers.get("content-type") ?? "";
    throw protocolFailure(this.it.target.provider, `its answer was ${type} where media were expected`);
  }

  protected override tell(_: GatewayError, client: ClientStream): void {
    client.fail();
  }
}

/** An answer in events of the client's own dialect: they pass as they are. A failure ends them with an event `error`. */
export class TaskEvents extends StreamCall {
  protected override readonly contentType = "text/event-stream";
  private readonly parser: FrameParser = createFrameParser("sse");
  private readonly relay = new EventRelay(this.parser, "sse");
  private readonly frames: Frame[] = [];
  private hasContent = false;
  private readonly reader: TaskEventReader | undefined;

  constructor(context: RequestContext, it: Call, stream: PreparedTaskStream, started: number) {
    super(context, it, started);
    this.reader = stream.codec.createEventReader?.(stream.request);
  }

  /** Hosts that cannot stream answer whole, as JSON or media. */
  protected override isStream(type: string): boolean {
    return type === "" || type.includes("event-stream");
  }

  protected override read(chunk: Uint8Array): void {
    this.frames.length = 0;
    if (cutFrames(this.parser, chunk, this.frames)) this.deliver(chunk);
    else this.fail(protocolFailure(this.it.target.provider, "an event of its stream could not be read"));
  }

  protected override readEnd(): void {
    this.frames.length = 0;
    this.parser.end(this.frames);
    this.heed(null);
    if (this.isOver) return;
    // What is held of an event without its end would swallow the error's.
    if (!this.isAnswered) return this.fail(networkFailure(this.it.target.provider, "truncated"));
    this.pass(null);
    this.complete();
  }

  private deliver(chunk: Uint8Array): void {
    this.heed(chunk);
    if (!this.isOver) this.pass(chunk);
  }

  /** Takes note of the events in a chunk. The record stands before the client sees the last. */
  private heed(chunk: Uint8Array | null): void {
    for (const frame of this.frames) {
      const event = this.reader?.read(frame);
      if (event?.type === "error") return this.providerFailed(event.error, chunk);
      if (event?.type === "content") this.noteContent();
      else if (event?.type === "end" && !this.settleEnd(event.usage)) return;
    }
  }

  private noteContent(): void {
    this.hasContent = true;
    this.context.firstContentAt ??= this.context.runtime.clock.monotonic();
  }

  private pass(chunk: Uint8Array | null): void {
    this.relay.take(chunk, this.frames.length > 0);
    if (this.client === null && this.hasContent) this.commit();
    if (this.client !== null) this.relay.flush(this.client);
  }

  /** The provider's own error event reaches the client as it is, unless it quotes a credential. */
  private providerFailed(said: GatewayError, chunk: Uint8Array | null): void {
    const error = conceal(said, this.it);
    if (this.client === null || chunk === null || error !== said) return this.fail(error);
    this.context.error = error;
    settle(this.context);
    this.explain();
    this.relay.take(chunk, true);
    this.relay.flush(this.client);
    this.close();
  }

  private settleEnd(usage: Usage | undefined): boolean {
    if (this.isAnswered) return true;
    this.context.usage = usage ?? null;
    this.noteContent();
    return this.settleBeforeEnd();
  }

  protected override replay(answer: WholeAnswer): void {
    const decoded = decodeAnswer(this.context, this.it, answer);
    const events = encodeEvents(this.context, decoded);
    if (!this.settleEnd(decoded.usage)) return;
    this.client?.write(Buffer.from(events));
    this.complete();
  }

  protected override tell(error: GatewayError, client: ClientStream): void {
    const { body } = this.context.arrival.dialect.encodeError(error);
    client.write(Buffer.from(sseEvent("error", JSON.stringify({ type: "error", ...body }))));
  }
}
