import { GatewayError } from "../canonical/errors.ts";
import { networkFailure, protocolFailure } from "../domain/attempt/failure.ts";
import type { Exchange, HeaderList, HttpError, HttpHandler } from "../lib/http-client/index.ts";
import { faultOf } from "./answer.ts";
import { authorize } from "./authorize.ts";
import type { Call } from "./call.ts";
import { ClientStream, type StreamSource } from "./client-stream.ts";
import type { Reply, RequestContext } from "./context.ts";
import { explanationComment, takesComments, warnUnexplained } from "./explain.ts";
import { noteAttempt } from "./note-attempt.ts";
import { releaseRequest } from "./release-request.ts";
import type { Following } from "./kind.ts";
import { rest } from "./rest.ts";
import { settle } from "./settle.ts";
import { takeOver } from "./take-over.ts";
import { watchFirstContent, watchHeaders } from "./target-watch.ts";
import { Gatherer, send, type WholeAnswer } from "./upstream.ts";

const NOBODY = (): void => {};

/**
 * One streamed upstream call. Until the first content everything is held back, so that a failure can still turn to the next
 * attempt; from then on every chunk leaves as it comes, and a failure ends the client's stream so that it notices.
 */
export abstract class StreamCall implements HttpHandler, StreamSource {
  protected readonly context: RequestContext;
  protected it: Call;
  protected client: ClientStream | null = null;
  /** The answer was whole and its record stands: what becomes of the connection does not matter any more. */
  protected isAnswered = false;
  protected isOver = false;
  private gatherer: Gatherer | null = null;
  private gathered = 0;
  private exchange: Exchange | null = null;
  private readonly started: number;
  private resolve: (reply: Reply) => void = NOBODY;
  private reject: (error: GatewayError) => void = NOBODY;

  /** `started`: when the attempt began, monotonic. */
  constructor(context: RequestContext, it: Call, started: number) {
    this.context = context;
    this.it = it;
    this.started = started;
  }

  /** Resolves with the reply when the first content is there; rejects with the failure before that. */
  open(): Promise<Reply> {
    return new Promise((resolve, reject: (error: GatewayError) => void) => {
      this.resolve = resolve;
      this.reject = reject;
      this.it.lane.giveUp = (reason) => this.fail(reason);
      this.exchange = send(this.context, this.it, this, Infinity);
    });
  }

  /** Content type of what the client gets. */
  protected abstract readonly contentType: string;
  /** Whether an answer with this content type is the stream that was asked for. */
  protected abstract isStream(type: string): boolean;
  /** The head of a stream has come. */
  protected begin?(headers: HeaderList): void;
  /** A chunk of the stream. */
  protected abstract read(chunk: Uint8Array): void;
  /** The upstream's bytes ended where their framing says. */
  protected abstract readEnd(): void;
  /** The call that follows a whole answer that came in place of a stream; null or absent: none. */
  protected next?(answer: WholeAnswer): Following | null;
  /** A whole answer came in place of a stream. Throws when it cannot be read. */
  protected abstract replay(answer: WholeAnswer): void;
  /** Tells a client whose stream is under way; what it gets ends after that. */
  protected abstract tell(error: GatewayError, client: ClientStream): void;

  onHead(status: number, headers: HeaderList): void {
    watchHeaders(this.context, this.it.lane, headers);
    const type = headers.get("content-type") ?? "";
    if (status >= 200 && status < 300 && this.isStream(type)) return this.begin?.(headers);
    this.gatherer = new Gatherer({ done: (answer) => this.whole(answer), failed: (error) => this.onError(error) });
    this.gatherer.onHead(status, headers);
  }

  onData(chunk: Uint8Array): void {
    if (this.isOver) return;
    if (this.client === null && this.isTooMuch(chunk)) {
      return this.fail(networkFailure(this.it.provider.data.name, "too_large"));
    }
    if (this.gatherer !== null) return this.gatherer.onData(chunk);
    // The request's own deadline ended with its record: what still comes must not keep the client waiting for ever.
    if (this.isAnswered && this.isLate()) return this.close();
    try {
      this.read(chunk);
    } catch (error) {
      this.broke(error);
    }
  }

  /** A stream may be of any length; a whole answer in its place, or what is held back before the first content, may not. */
  private isTooMuch(chunk: Uint8Array): boolean {
    this.gathered += chunk.byteLength;
    return this.gathered > this.it.provider.data.network.maxResponseBytes;
  }

  private isLate(): boolean {
    return this.context.runtime.clock.monotonic() >= this.context.deadline;
  }

  onEnd(): void {
    if (this.isOver) return;
    if (this.gatherer !== null) return this.gatherer.onEnd();
    try {
      this.readEnd();
    } catch (error) {
      this.broke(error);
    }
  }

  /** An answer that the gateway fails on, such as arguments that nest too deep to be written, must not end the whole thread. */
  private broke(error: unknown): void {
    if (this.isOver) return;
    this.context.runtime.report(error);
    if (!this.isAnswered) return this.failWith(error);
    // Its record stands, and the client has not got all of it.
    this.isOver = true;
    this.exchange?.abort();
    this.client?.fail();
  }

  onError(error: HttpError): void {
    this.fail(networkFailure(this.it.target.provider, error.kind));
  }

  /** From here on the client sees this attempt: there is no other after it. */
  protected commit(): ClientStream {
    const client = new ClientStream(this);
    this.client = client;
    takeOver(this.context, this.it);
    releaseRequest(this.context, this.it.prepared);
    watchFirstContent(this.context);
    noteAttempt(this.context, this.it, this.started, null);
    this.context.isStreaming = true;
    if (this.context.explains && !takesComments(this.context, this.contentType)) warnUnexplained(this.context);
    this.context.reply = { status: 200, contentType: this.contentType, body: client.body };
    this.resolve(this.context.reply);
    // A stream may last for minutes, and holds on to what it has.
    this.resolve = NOBODY;
    this.reject = NOBODY;
    return client;
  }

  pause(): void {
    this.exchange?.pause();
  }

  resume(): void {
    this.exchange?.resume();
  }

  cancelled(): void {
    this.context.cancel(new GatewayError("client_aborted", "the client went away"));
    this.exchange?.abort();
  }

  /** The record stands in the journal before the client sees the end; when it cannot, the client is told. */
  protected settleBeforeEnd(): boolean {
    if (this.client === null) this.commit();
    const failure = settle(this.context);
    if (failure !== null) this.fail(failure);
    else this.isAnswered = true;
    if (failure === null) this.explain();
    return failure === null;
  }

  /** Tells a client that wants to know why, between two events. Call when the request is settled. */
  protected explain(): void {
    const { context, client, contentType } = this;
    if (context.explains && client !== null && takesComments(context, contentType))
      client.write(Buffer.from(explanationComment(context)));
  }

  protected fail(error: GatewayError): void {
    if (this.isOver) return;
    // Before the abort, which reports itself as an error of its own.
    this.isOver = true;
    this.exchange?.abort();
    if (this.client === null) return this.reject(error);
    if (!this.isAnswered) {
      this.context.error ??= error;
      // One chunk brought both the first content and the failure: the client gets an error with a status of its own.
      if (!this.context.isReplied) this.context.reply = null;
      settle(this.context);
      if (error.code !== "client_aborted") {
        this.explain();
        this.tell(error, this.client);
      }
    }
    this.client.end();
  }

  protected complete(): void {
    if (this.isOver) return;
    if (this.isAnswered || this.settleBeforeEnd()) this.close();
  }

  protected close(): void {
    this.isOver = true;
    this.exchange?.abort();
    this.client?.end();
  }

  /** The upstream answered a stream request with a whole body: an error, an answer, or something else. */
  private whole(answer: WholeAnswer): void {
    if (this.isOver) return;
    try {
      this.replayWhole(answer);
    } catch (error) {
      this.failWith(error);
    }
  }

  private failWith(error: unknown): void {
    const unread = (): GatewayError => protocolFailure(this.it.target.provider, "its answer could not be read");
    this.fail(error instanceof GatewayError ? error : unread());
  }

  private replayWhole(answer: WholeAnswer): void {
    const { target, prepared } = this.it;
    if (answer.status < 200 || answer.status > 299)
      throw faultOf(target.provider, prepared.errors, answer, this.context.runtime.clock.wall());
    this.gatherer = null;
    // It may be read again, as a stream under a wrong name.
    this.gathered = 0;
    const following = this.next?.(answer) ?? null;
    if (following === null) this.replay(answer);
    else void this.follow(following).catch((error) => this.failWith(error));
  }

  private async follow({ prepared, afterMs }: Following): Promise<void> {
    const { context, it } = this;
    await rest(context, it.lane, afterMs);
    it.prepared = prepared;
    if (it.key.isSigned) it.authorization = await authorize(context, it);
    it.lane.giveUp = (reason) => this.fail(reason);
    this.exchange = send(context, it, this, Infinity);
  }
}
