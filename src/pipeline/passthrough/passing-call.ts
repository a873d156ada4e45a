import { GatewayError } from "../../canonical/errors.ts";
import { networkFailure, protocolFailure } from "../../domain/attempt/failure.ts";
import type { Exchange, HeaderList, HttpError, HttpHandler, HttpRequest } from "../../lib/http-client/index.ts";
import { ClientStream } from "../client-stream.ts";
import { maskSecrets } from "../conceal.ts";
import type { Reply, RequestContext } from "../context.ts";
import type { ReadyProvider } from "../provider.ts";
import { settle } from "../settle.ts";
import type { AnswerMeter } from "./answer-meter.ts";
import type { BodyPump } from "./body-pump.ts";
import { responseHeaders } from "./passing-headers.ts";

/** An error's text is held back up to this many bytes, to take credentials of ours out of it. */
const MAX_ERROR_BYTES = 1024 * 1024;
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);
/** Those above are of no class (RFC 9110, 15), and the runtime makes no response of one. */
const MAX_STATUS = 599;

/** A request to send as it is. */
export interface PassingRequest {
  request: HttpRequest;
  /** What a signer added to it. */
  authorization: Record<string, string>;
}

/** What the call tells its owner. */
export interface PassingEvents {
  /** The upstream answered with this status; returns what meters the answer. */
  answered(status: number, contentType: string): AnswerMeter | null;
  /** What the client gets of the answer's headers, where not all of them as they are. */
  headers?(headers: Record<string, string>): Record<string, string>;
  /** The answer is wanted whole, not streamed. */
  isHeld?: boolean;
}

/** An upstream call whose answer reaches the client as it is, chunk by chunk. */
export class PassingCall implements HttpHandler {
  private readonly context: RequestContext;
  private readonly provider: ReadyProvider;
  private readonly pump: BodyPump | null;
  private readonly events: PassingEvents;
  private exchange: Exchange | null = null;
  private client: ClientStream | null = null;
  private meter: AnswerMeter | null = null;
  private head: Omit<Reply, "body"> | null = null;
  /** Set while an answer is held back to be sent as a whole. */
  private held: Uint8Array[] | null = null;
  private heldBytes = 0;
  private isOver = false;
  private authorization: Record<string, string> = {};
  private resolve: (reply: Reply) => void = () => {};
  private reject: (error: GatewayError) => void = () => {};

  constructor(context: RequestContext, provider: ReadyProvider, pump: BodyPump | null, events: PassingEvents) {
    this.context = context;
    this.provider = provider;
    this.pump = pump;
    this.events = events;
  }

  /** Resolves with the head of the answer; its stream, if any, goes on. Rejects when none came. */
  open({ request, authorization }: PassingRequest, bodyEnded: () => void): Promise<Reply> {
    this.authorization = authorization;
    return new Promise((resolve, reject: (error: GatewayError) => void) => {
      this.resolve = resolve;
      this.reject = reject;
      this.context.giveUp = (reason) => this.fail(reason);
      const exchange = this.context.runtime.client(this.provider.data.network.ca).send(request, this);
      this.exchange = exchange;
      this.pump?.run(exchange).then(bodyEnded, () => this.fail(brokenOff()));
    });
  }

  onHead(status: number, headers: HeaderList): void {
    if (status > MAX_STATUS) {
      return this.fail(
        protocolFailure(this.provider.data.name, `it answered with status ${status}, which HTTP has not`),
      );
    }
    const contentType = headers.get("content-type") ?? "";
    const back = responseHeaders(headers);
    this.head = { status, contentType, headers: this.events.headers?.(back) ?? back };
    this.meter = this.events.answered(status, contentType);
    if (
      this.events.isHeld === true ||
      status >= 400 ||
      BODILESS.has(status) ||
      this.context.arrival.passing?.method === "HEAD"
    )
      this.held = [];
    else this.commit(this.head);
  }

  onData(chunk: Uint8Array): void {
    if (this.isOver) return;
    this.context.firstContentAt ??= this.context.runtime.clock.monotonic();
    if (this.held === null) {
      this.meter?.push(chunk);
      this.client?.write(chunk);
      return;
    }
    this.heldBytes += chunk.byteLength;
    const isGood = this.head !== null && this.head.status < 400;
    if (this.heldBytes > (isGood ? this.provider.data.network.maxResponseBytes : MAX_ERROR_BYTES)) {
      return this.fail(protocolFailure(this.provider.data.name, "its answer was longer than any of its kind is"));
    }
    this.held.push(chunk);
  }

  onEnd(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.pump?.stop();
    this.meter?.end();
    if (this.held !== null && this.head !== null) return this.resolve({ ...this.head, body: this.heldBody(this.held) });
    if (settle(this.context) === null) this.client?.end();
    else this.client?.fail();
  }

  onRoom(): void {
    this.pump?.room();
  }

  onError(error: HttpError): void {
    this.fail(networkFailure(this.provider.data.name, error.kind));
  }

  private heldBody(held: readonly Uint8Array[]): Uint8Array {
    return maskSecrets(Buffer.concat(held), { provider: this.provider, authorization: this.authorization });
  }

  private commit(head: Omit<Reply, "body">): void {
    this.client = new ClientStream({
      pause: () => this.exchange?.pause(),
      resume: () => this.exchange?.resume(),
      cancelled: () => this.context.cancel(new GatewayError("client_aborted", "the client went away")),
    });
    this.context.isStreaming = true;
    this.context.reply = { ...head, body: this.client.body };
    this.resolve(this.context.reply);
  }

  /** A client that has the head already sees its connection end before the answer does. */
  private fail(error: GatewayError): void {
    if (this.isOver) return;
    this.isOver = true;
    this.pump?.stop();
    this.exchange?.abort();
    if (this.client === null) return this.reject(error);
    this.meter?.end();
    this.context.error ??= error;
    settle(this.context);
    this.client.fail();
  }
}

function brokenOff(): GatewayError {
  return new GatewayError("client_aborted", "the request body broke off");
}
