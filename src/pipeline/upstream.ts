import type { GatewayError } from "../canonical/errors.ts";
import { networkFailure } from "../domain/attempt/failure.ts";
import type { Exchange, HeaderList, HttpError, HttpHandler, HttpRequest } from "../lib/http-client/index.ts";
import type { Call } from "./call.ts";
import type { RequestContext } from "./context.ts";
import { followedAddress } from "./followed-address.ts";
import { watchHeaders } from "./target-watch.ts";

/** A whole answer of an upstream. */
export interface WholeAnswer {
  status: number;
  headers: HeaderList;
  body: Buffer;
}

/** Sends a prepared request; the handler takes what comes back, by default up to the limit of whole answers. */
export function send(
  context: RequestContext,
  it: Call,
  handler: HttpHandler,
  maxBodyBytes: number = it.provider.data.network.maxResponseBytes,
): Exchange {
  const { key, prepared, authorization, provider } = it;
  const { network } = provider.data;
  const asked = context.intent?.firstByteTimeoutMs ?? Infinity;
  it.isHurried ||= asked < network.firstByteTimeoutMs;
  const { path } = prepared;
  const named = path.startsWith("http") ? followedAddress(path, provider, key) : null;
  const extra = key.isSigned ? { ...prepared.headers, ...authorization } : prepared.headers;
  const request: HttpRequest = {
    origin: named?.origin ?? key.origin,
    method: prepared.method,
    path: named?.path ?? key.pathOf(path, prepared.wire),
    headers: key.block(prepared.wire, extra),
    body: prepared.body,
    connectTimeoutMs: network.connectTimeoutMs,
    firstByteTimeoutMs: Math.min(network.firstByteTimeoutMs, asked),
    idleTimeoutMs: network.idleTimeoutMs,
    maxBodyBytes,
  };
  return context.runtime.client(network.ca).send(request, handler);
}

/** Gathers a whole answer. Rejects with a `GatewayError` when the call fails below HTTP or is given up. */
export function callWhole(context: RequestContext, it: Call): Promise<WholeAnswer> {
  return new Promise((resolve, reject: (error: GatewayError) => void) => {
    const exchange = send(context, it, new Gatherer(new WholeCall(context, it, resolve, reject)));
    it.lane.giveUp = (reason) => {
      // Before the abort, which reports itself as an error of its own.
      reject(reason);
      exchange.abort();
    };
  });
}

/** Hears once of what an answer has come to. */
export interface AnswerTaker {
  done(answer: WholeAnswer): void;
  failed(error: HttpError): void;
}

class WholeCall implements AnswerTaker {
  private readonly context: RequestContext;
  private readonly it: Call;
  private readonly resolve: (answer: WholeAnswer) => void;
  private readonly reject: (error: GatewayError) => void;

  constructor(
    context: RequestContext,
    it: Call,
    resolve: (answer: WholeAnswer) => void,
    reject: (error: GatewayError) => void,
  ) {
    this.context = context;
    this.it = it;
    this.resolve = resolve;
    this.reject = reject;
  }

  done(answer: WholeAnswer): void {
    watchHeaders(this.context, this.it.lane, answer.headers);
    this.resolve(answer);
  }

  failed(error: HttpError): void {
    this.reject(networkFailure(this.it.target.provider, error.kind));
  }
}

/** Collects the chunks of one answer. */
export class Gatherer implements HttpHandler {
  private status = 0;
  private headers: HeaderList | null = null;
  private readonly chunks: Uint8Array[] = [];
  private readonly taker: AnswerTaker;

  constructor(taker: AnswerTaker) {
    this.taker = taker;
  }

  onHead(status: number, headers: HeaderList): void {
    this.status = status;
    this.headers = headers;
  }

  onData(chunk: Uint8Array): void {
    this.chunks.push(chunk);
  }

  onEnd(): void {
    const only = this.chunks.length === 1 ? this.chunks[0] : undefined;
    const body =
      only === undefined ? Buffer.concat(this.chunks) : Buffer.from(only.buffer, only.byteOffset, only.byteLength);
    if (this.headers !== null) this.taker.done({ status: this.status, headers: this.headers, body });
  }

  onError(error: HttpError): void {
    this.taker.failed(error);
  }
}
