import { isIP } from "node:net";
import type { TCPSocketConnectOptions, TLSOptions } from "bun";
import type { ConnectionOwner } from "./connection.ts";
import { Connection } from "./connection.ts";
import { ConnectionPool } from "./connection-pool.ts";
import type { Exchange, HttpHandler } from "./exchange.ts";
import { HttpExchange } from "./exchange.ts";
import { HttpError } from "./http-error.ts";
import type { Origin } from "./origin.ts";
import type { HttpRequest } from "./request.ts";
import { isOpenBody, requestProblem } from "./request.ts";
import { connectError } from "./socket-errors.ts";
import { socketHandlers } from "./socket-handlers.ts";

export interface HttpClientOptions {
  /** Idle sockets kept per origin; 256 by default. */
  maxIdlePerOrigin?: number;
  /** How long an idle socket is kept, less when the server announces less; 15 s by default. */
  idleSocketMs?: number;
  tls?: {
    /** Certificates in PEM that replace the well-known authorities. */
    ca?: string;
    /** False accepts any certificate for any host name. */
    rejectUnauthorized?: boolean;
  };
  /** Of a response's head, and of its trailers; 64 KiB by default. */
  maxHeaderBytes?: number;
}

const DEFAULT_IDLE_PER_ORIGIN = 256;
const DEFAULT_IDLE_SOCKET_MS = 15_000;
const DEFAULT_HEADER_BYTES = 64 * 1024;

/**
 * An HTTP/1.1 client on raw sockets, made to relay: callbacks instead of promises and streams, bytes untouched where the
 * wire allows. Connections are kept and used again per origin; a request that finds its kept connection closed is sent
 * once more on a fresh one. Redirects, cookies and proxies are not its business.
 */
export class HttpClient implements ConnectionOwner {
  readonly maxHeaderBytes: number;
  readonly idleSocketMs: number;
  readonly rejectUnauthorized: boolean;
  private readonly ca: string | undefined;
  private readonly pool: ConnectionPool;
  private open = 0;
  private closing = false;

  constructor(options: HttpClientOptions = {}) {
    this.maxHeaderBytes = options.maxHeaderBytes ?? DEFAULT_HEADER_BYTES;
    this.idleSocketMs = options.idleSocketMs ?? DEFAULT_IDLE_SOCKET_MS;
    this.rejectUnauthorized = options.tls?.rejectUnauthorized ?? true;
    this.ca = options.tls?.ca;
    this.pool = new ConnectionPool(options.maxIdlePerOrigin ?? DEFAULT_IDLE_PER_ORIGIN);
  }

  /** Sends a request. Every failure reaches the handler's `onError`; nothing is thrown. An exchange under way keeps the process alive. */
  send(request: HttpRequest, handler: HttpHandler): Exchange {
    const exchange = new HttpExchange(request, handler);
    const problem = this.closing ? new HttpError("aborted", "the client is closed") : requestProblem(request);
    if (problem !== null) {
      queueMicrotask(() => exchange.fail(problem));
      return exchange;
    }
    const idle = isOpenBody(request.body) ? undefined : this.pool.take(request.origin.key);
    if (idle === undefined) this.connect(exchange);
    else idle.reuse(exchange);
    return exchange;
  }

  /** Closes the idle sockets; exchanges under way go on, and their sockets are not kept. Later requests fail with `aborted`. */
  close(): void {
    this.closing = true;
    for (const connection of this.pool.all()) connection.shut();
  }

  /** Sockets open or being opened, and those of them that are idle. */
  stats(): { open: number; idle: number } {
    return { open: this.open, idle: this.pool.size };
  }

  keep(connection: Connection): boolean {
    return !this.closing && this.pool.put(connection);
  }

  forget(connection: Connection): void {
    this.open--;
    this.pool.delete(connection);
  }

  resend(exchange: HttpExchange): void {
    this.connect(exchange);
  }

  private connect(exchange: HttpExchange): void {
    const { origin } = exchange.request;
    this.open++;
    const connection = new Connection(this, exchange);
    const options: TCPSocketConnectOptions<Connection> = {
      hostname: origin.hostname,
      port: origin.port,
      data: connection,
      socket: socketHandlers,
    };
    if (origin.protocol === "https:") options.tls = this.tlsOptions(origin);
    Promise.try(() => Bun.connect(options)).catch((error: Error) => connection.refused(connectError(error)));
  }

  private tlsOptions(origin: Origin): TLSOptions {
    // An address is no server name (RFC 6066, section 3); it is verified all the same.
    const serverName = isIP(origin.hostname) === 0 ? origin.hostname : "";
    const options: TLSOptions = { serverName, rejectUnauthorized: this.rejectUnauthorized };
    return this.ca === undefined ? options : { ...options, ca: this.ca };
  }
}
