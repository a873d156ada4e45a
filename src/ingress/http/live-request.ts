import { GatewayError } from "../../canonical/errors.ts";
import type { RequestContext } from "../../pipeline/context.ts";

/** How long things may take, milliseconds. */
export interface LiveLimits {
  /** From the head to the end of the body. */
  bodyTimeoutMs: number;
  /** From the end of the body to that of the answer. */
  requestTimeoutMs: number;
  /** A connection that says nothing for so long is closed, unless this is lifted for its request. */
  idleTimeoutMs: number;
}

/** The server's side of connections: sets, in whole seconds, how long the one of a request may say nothing; 0: for ever. */
export interface Connections {
  timeout(request: Request, seconds: number): void;
}

/** A request is long-lived from this share of the idle timeout on; the rest is for the server's coarse clock. */
const LONG_LIVED = 1 / 3;

/** One request under way. Setting a deadline is a field write; somebody has to call `check` now and then. */
export class LiveRequest implements EventListenerObject {
  readonly context: RequestContext;
  /** Neighbours in the list of requests under way; its owner links them. */
  newer: LiveRequest | null = null;
  older: LiveRequest | null = null;
  private readonly request: Request | null;
  private readonly connections: Connections | null;
  private readonly limits: LiveLimits;
  private deadline: number;
  private liftAt: number;
  private isReading = true;
  private isClientWatched = false;

  /** `now`: of a monotonic clock, as in all calls. */
  constructor(
    context: RequestContext,
    request: Request | null,
    connections: Connections | null,
    limits: LiveLimits,
    now: number,
  ) {
    this.context = context;
    this.request = request;
    this.connections = connections;
    this.limits = limits;
    this.deadline = now + limits.bodyTimeoutMs;
    this.liftAt = now + limits.idleTimeoutMs * LONG_LIVED;
  }

  /** The body is there: from now on the answer is waited for. */
  bodyRead(now: number): void {
    this.isReading = false;
    this.deadline = now + this.limits.requestTimeoutMs;
    this.context.deadline = Math.min(this.context.deadline, this.deadline);
  }

  /**
   * Ends the request when it is late or its client is gone. Lifts the idle timeout of one that lives long: its stream may say
   * nothing for as long as it takes.
   */
  check(now: number): void {
    // Of a stream under way the end of its body tells.
    if (!this.isClientWatched && !this.context.isStreaming) this.watchClient();
    if (now >= this.deadline) {
      this.deadline = Infinity;
      this.context.cancel(this.isReading ? bodyError(this.limits) : deadlineError(this.limits));
    }
    if (now < this.liftAt) return;
    this.liftAt = Infinity;
    this.setTimeout(0);
  }

  /** The connection may serve further requests, which the idle timeout is for again. */
  end(): void {
    if (this.liftAt === Infinity) this.setTimeout(secondsOf(this.limits.idleTimeoutMs));
  }

  /** Not from the start: most of what a quick request would have of it is the cost. A signal tells of what came before, too. */
  private watchClient(): void {
    this.isClientWatched = true;
    const signal = this.request?.signal;
    if (signal === undefined) return;
    if (signal.aborted) this.context.cancel(clientGone());
    else signal.addEventListener("abort", this, { once: true });
  }

  /** The client's signal. */
  handleEvent(): void {
    this.context.cancel(clientGone());
  }

  private setTimeout(seconds: number): void {
    if (this.request !== null) this.connections?.timeout(this.request, seconds);
  }
}

/** Whole seconds for the server, rounded up. */
export function secondsOf(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}

function clientGone(): GatewayError {
  return new GatewayError("client_aborted", "the client went away");
}

function bodyError({ bodyTimeoutMs }: LiveLimits): GatewayError {
  return new GatewayError(
    "body_timeout",
    `the request body was not complete within ${bodyTimeoutMs} ms (server.body_timeout_ms)`,
  );
}

function deadlineError({ requestTimeoutMs }: LiveLimits): GatewayError {
  return new GatewayError(
    "deadline_exceeded",
    `no complete answer within ${requestTimeoutMs} ms (server.request_timeout_ms)`,
  );
}
