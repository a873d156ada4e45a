import { GatewayError } from "../../canonical/errors.ts";
import type { Wire } from "../../canonical/provider.ts";
import type { RealtimeCodec } from "../../canonical/realtime.ts";
import type { TaskDialect } from "../../canonical/task.ts";
import { networkFailure } from "../../domain/attempt/failure.ts";
import type { Target } from "../../domain/route/data.ts";
import { renderHeaders, type HeaderList, type HttpError } from "../../lib/http-client/index.ts";
import { WebSocketClient, type WebSocketHandler, type WebSocketRequest } from "../../lib/websocket-client/index.ts";
import { faultOf } from "../answer.ts";
import type { Call } from "../call.ts";
import type { RequestContext } from "../context.ts";
import { forwardedHeaders } from "../forwarded-headers.ts";
import type { Kind } from "../kind.ts";
import { noteAttempt } from "../note-attempt.ts";
import { takeOver } from "../take-over.ts";
import type { Prepared } from "../prepared.ts";
import type { ReadyProvider } from "../provider.ts";
import { RealtimeSession } from "./session.ts";

/** Sessions over WebSocket: relayed to a provider of the same protocol, translated to one of another. */
export const REALTIME_KIND: Kind = {
  prepare,
  reply: () => {
    throw new Error("a session has no whole answer");
  },
  open: (context, it, started) =>
    new Promise((resolve, reject: (error: GatewayError) => void) => {
      const opening = new Opening(context, it, started, resolve, reject);
      opening.connect();
    }),
};

function prepare(context: RequestContext, target: Target, provider: ReadyProvider): Prepared {
  const { dialect } = context.arrival;
  const { codec, query, version } = context.socket;
  const { model } = target;
  const own = provider.relayWire("realtime", dialect.name, model);
  const wire = own ?? provider.wiresFor("realtime", model)[0];
  if (wire === undefined) throw unsupported(target);
  if (own === undefined) codec.checkTranslatable(query);
  const request =
    own === undefined ? { model, query: new URLSearchParams(), version: null } : { model, query, version };
  return {
    wire,
    method: "GET",
    path: codecOf(context, wire).path(request),
    body: "",
    headers: forwardedHeaders(context, provider),
    errors: context.runtime.taskDialects.get(wire.dialect) as TaskDialect,
    isRelay: own !== undefined,
    stream: null,
  };
}

/** The protocol that a wire speaks. */
function codecOf({ runtime }: RequestContext, { dialect }: Wire): RealtimeCodec {
  const codec = runtime.taskDialects.get(dialect)?.realtime;
  if (codec === undefined) throw new Error(`dialect ${dialect} has no sessions`);
  return codec;
}

function unsupported({ provider, model }: Target): GatewayError {
  const text = `provider ${provider} offers no sessions over WebSocket (${model})`;
  return new GatewayError("unsupported_operation", text);
}

/** One attempt to open a session at a provider; then its ear towards the provider. */
class Opening implements WebSocketHandler {
  private readonly context: RequestContext;
  private readonly it: Call;
  private readonly started: number;
  private readonly resolve: () => void;
  private readonly reject: (error: GatewayError) => void;
  private socket: WebSocketClient | null = null;
  private session: RealtimeSession | null = null;

  constructor(
    context: RequestContext,
    it: Call,
    started: number,
    resolve: () => void,
    reject: (error: GatewayError) => void,
  ) {
    this.context = context;
    this.it = it;
    this.started = started;
    this.resolve = resolve;
    this.reject = reject;
  }

  connect(): void {
    this.socket = new WebSocketClient(requestOf(this.it), this);
    this.it.lane.giveUp = (reason) => {
      this.socket?.terminate();
      this.reject(reason);
    };
  }

  onOpen(): void {
    const { socket, context } = this;
    if (socket === null) return;
    socket.pause();
    takeOver(context, this.it);
    noteAttempt(context, this.it, this.started, null);
    this.session = new RealtimeSession(context, this.it, socket, codecOf(context, this.it.prepared.wire));
    context.session = this.session;
    context.isStreaming = true;
    context.reply = { status: 101, contentType: "", body: "" };
    this.resolve();
  }

  onRefused(status: number, headers: HeaderList, body: Buffer): void {
    const { it, context } = this;
    this.reject(
      faultOf(it.target.provider, it.prepared.errors, { status, headers, body }, context.runtime.clock.wall()),
    );
  }

  onFailed({ kind }: HttpError): void {
    this.reject(networkFailure(this.it.target.provider, kind));
  }

  onText(text: string): void {
    this.session?.fromUpstream(text);
  }

  onBinary(bytes: Buffer): void {
    this.session?.fromUpstream(bytes);
  }

  onDrain(): void {
    this.session?.upstreamDrained();
  }

  onClose(code: number, reason: string): void {
    this.session?.upstreamClosed(code, reason);
  }
}

function requestOf({ provider, key, prepared, authorization }: Call): WebSocketRequest {
  const { network } = provider.data;
  const { "content-type": _, ...headers } = key.headers(prepared.wire, { ...prepared.headers, ...authorization });
  return {
    origin: key.origin,
    path: key.pathOf(prepared.path, prepared.wire),
    headers: renderHeaders(headers),
    ca: network.ca,
    connectTimeoutMs: network.connectTimeoutMs,
    handshakeTimeoutMs: network.firstByteTimeoutMs,
    idleTimeoutMs: network.idleTimeoutMs,
    maxMessageBytes: network.maxResponseBytes,
  };
}
