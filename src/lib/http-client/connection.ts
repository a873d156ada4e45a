import type { Socket } from "bun";
import type { Timed } from "./deadline-watch.ts";
import { deadlines } from "./deadline-watch.ts";
import type { Carrier, HttpExchange } from "./exchange.ts";
import { asHttpError } from "./exchange.ts";
import { HttpError } from "./http-error.ts";
import type { Phase } from "./phase.ts";
import { LIMITS } from "./phase.ts";
import { isOpenBody } from "./request.ts";
import { RequestWriter } from "./request-writer.ts";
import { ResponseReader } from "./response-reader.ts";
import { handshakeError, isBrokenHandshake } from "./socket-errors.ts";

/** What a connection asks of the client that owns it. */
export interface ConnectionOwner {
  readonly maxHeaderBytes: number;
  readonly idleSocketMs: number;
  readonly rejectUnauthorized: boolean;
  /** Takes an idle connection into the pool; false when it shall close. */
  keep(connection: Connection): boolean;
  /** The connection is closed. */
  forget(connection: Connection): void;
  /** Sends an exchange again, on a fresh connection. */
  resend(exchange: HttpExchange): void;
}

/** A server closes an idle connection after the time it announced; a request must not cross that. */
const KEEP_MARGIN_MS = 1000;

/** One socket and the exchange that it carries at present. */
export class Connection implements Timed, Carrier {
  readonly key: string;
  deadline = Infinity;
  private readonly owner: ConnectionOwner;
  private readonly secure: boolean;
  private readonly reader: ResponseReader;
  private readonly writer = new RequestWriter();
  private socket: Socket<Connection> | null = null;
  private exchange: HttpExchange | null;
  private phase: Phase = "connecting";
  private reading = true;
  private finSeen = false;
  private fault: Error | null = null;

  /** A connection in the making, for this exchange. */
  constructor(owner: ConnectionOwner, exchange: HttpExchange) {
    this.key = exchange.request.origin.key;
    this.secure = exchange.request.origin.protocol === "https:";
    this.owner = owner;
    this.exchange = exchange;
    this.reader = new ResponseReader(owner.maxHeaderBytes);
    exchange.reused = false;
    exchange.carryBy(this);
    deadlines.add(this);
    this.arm();
  }

  /** Sends a further exchange on the idle connection. */
  reuse(exchange: HttpExchange): void {
    exchange.reused = true;
    exchange.carryBy(this);
    this.exchange = exchange;
    this.socket?.ref();
    this.send(exchange);
  }

  /** The TCP connection stands. */
  opened(socket: Socket<Connection>): void {
    if (this.phase === "closed") {
      socket.terminate();
      return;
    }
    this.socket = socket;
    socket.setNoDelay(true);
    if (!this.secure) this.ready();
  }

  /** The TLS handshake ended. `authorized` tells that certificate and host name were verified. */
  secured(authorized: boolean, error: Error | null): void {
    if (this.phase !== "connecting") return;
    if (authorized || (!this.owner.rejectUnauthorized && !isBrokenHandshake(error))) this.ready();
    else this.fail(handshakeError(error));
  }

  received(bytes: Uint8Array): void {
    const exchange = this.exchange;
    if (exchange === null) {
      this.shut();
      return;
    }
    try {
      this.reader.read(bytes);
    } catch (error) {
      exchange.fail(asHttpError(error));
    }
    if (this.exchange !== exchange) return;
    if (this.reader.done) this.finish(exchange);
    else if (this.reader.headDone) this.enter("receiving");
  }

  drained(): void {
    if (this.socket === null || this.writer.done) return;
    this.writer.flush(this.socket);
    if (this.phase === "sending") this.enter(this.writer.done ? "waiting" : "sending");
    if (this.writer.isEmpty) this.exchange?.room();
  }

  /** The server closed its side in good order. */
  finished(): void {
    this.finSeen = true;
  }

  /** TLS broke; the socket closes after it. */
  faulted(error: Error): void {
    this.fault = error;
  }

  closed(error: Error | undefined): void {
    const exchange = this.exchange;
    this.drop();
    if (exchange !== null) this.lost(exchange, error ?? this.fault ?? undefined);
  }

  /** The connection could not be made. */
  refused(error: HttpError): void {
    this.fail(error);
  }

  expire(): void {
    if (this.phase === "idle" || this.phase === "closed") {
      this.shut();
      return;
    }
    const { kind, message } = LIMITS[this.phase];
    this.fail(new HttpError(kind, message));
  }

  abandon(): void {
    const socket = this.socket;
    this.drop();
    socket?.terminate();
  }

  setReading(reading: boolean): void {
    if (this.reading === reading) return;
    this.reading = reading;
    if (reading) this.socket?.resume();
    else this.socket?.pause();
    this.arm();
  }

  /** Closes in good order what carries no exchange. */
  shut(): void {
    const socket = this.socket;
    this.drop();
    socket?.close();
  }

  sendBody(bytes: Uint8Array): boolean {
    if (this.socket === null) return false;
    this.writer.push(this.socket, bytes);
    if (this.phase === "sending") this.arm();
    return this.writer.isEmpty;
  }

  endBody(): void {
    if (this.socket === null) return;
    this.writer.close(this.socket);
    if (this.phase === "sending") this.enter(this.writer.done ? "waiting" : "sending");
  }

  private ready(): void {
    const exchange = this.exchange;
    if (exchange === null) return;
    if (!this.reading) this.socket?.pause();
    this.send(exchange);
  }

  private send(exchange: HttpExchange): void {
    this.reader.start(exchange);
    this.phase = "sending";
    if (exchange.reading !== this.reading) this.setReading(exchange.reading);
    if (this.socket === null || !this.writer.start(this.socket, exchange.request)) {
      this.abandon();
      this.lost(exchange, undefined);
    } else {
      this.enter(this.writer.done ? "waiting" : "sending");
      if (isOpenBody(exchange.request.body)) exchange.bodyWanted();
    }
  }

  private enter(phase: Phase): void {
    this.phase = phase;
    this.arm();
  }

  /** Sets the deadline of the present phase; a server cannot be late with what is not being read, nor while the body is still to come. */
  private arm(): void {
    if (this.exchange === null || this.phase === "idle" || this.phase === "closed") return;
    const isAwaited = this.phase === "sending" && this.writer.isEmpty;
    const stopped = isAwaited || (!this.reading && (this.phase === "waiting" || this.phase === "receiving"));
    this.deadline = stopped ? Infinity : deadlines.after(LIMITS[this.phase].ms(this.exchange.request));
  }

  /** The response is complete: the socket is free before the handler hears of it, so that its next request can have it. */
  private finish(exchange: HttpExchange): void {
    this.exchange = null;
    this.reader.release();
    exchange.carryBy(null);
    if (this.writer.done) this.rest();
    else this.abandon();
    exchange.complete();
  }

  /** Waits in the pool for the next exchange, where that is allowed. */
  private rest(): void {
    const ms = Math.min(this.owner.idleSocketMs, this.reader.keepMs - KEEP_MARGIN_MS);
    if (ms <= 0 || !this.owner.keep(this)) {
      this.shut();
      return;
    }
    this.setReading(true);
    this.phase = "idle";
    this.deadline = deadlines.after(ms);
    this.socket?.unref();
  }

  private fail(error: HttpError): void {
    const exchange = this.exchange;
    if (exchange === null) this.abandon();
    else exchange.fail(error);
  }

  /** The socket closed under the exchange. */
  private lost(exchange: HttpExchange, cause: Error | undefined): void {
    exchange.carryBy(null);
    if (this.finSeen && this.reader.untilClose) exchange.complete();
    else if (this.reader.started) {
      exchange.fail(new HttpError("truncated", "the connection closed before the response was complete", cause));
    } else if (exchange.reused) this.owner.resend(exchange);
    else exchange.fail(new HttpError("reset", "the connection closed without a response", cause));
  }

  private drop(): void {
    if (this.phase === "closed") return;
    this.phase = "closed";
    this.exchange = null;
    this.socket = null;
    deadlines.delete(this);
    this.owner.forget(this);
  }
}
