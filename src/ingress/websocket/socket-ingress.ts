import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { RealtimeCodec } from "../../canonical/realtime.ts";
import { CLIENT_SECRET_PREFIX, readClientSecret, type ClientSecret } from "../../domain/identity/client-secret.ts";
import type { RequestContext, Reply } from "../../pipeline/context.ts";
import { refuse, run, runHead } from "../../pipeline/run.ts";
import type { Runtime } from "../../pipeline/runtime.ts";
import type { Snapshot } from "../../pipeline/snapshot.ts";
import { asGatewayError } from "../http/as-gateway-error.ts";
import { beginRequest } from "../http/begin-request.ts";
import { parseBody } from "../http/parse-body.ts";
import type { SocketEndpoint } from "../http/endpoints/endpoint.ts";
import type { LiveRequest } from "../http/live-request.ts";
import type { LiveRequests } from "../http/live-requests.ts";
import { responseOf } from "../http/reply.ts";
import type { SocketPeer } from "./client-socket.ts";
import { agreedProtocol, offeredProtocols, socketCredential, withoutKeys } from "./credential.ts";
import { RealtimePeer } from "./realtime-peer.ts";
import { ResponsesPeer } from "./responses-peer.ts";

/** What turns a request into a WebSocket. */
export interface Upgrader {
  upgrade(request: Request, options: { data: SocketPeer; headers?: Record<string, string> }): boolean;
}

export interface SocketDependencies {
  runtime: Runtime;
  snapshot(): Snapshot;
  /** Signs client secrets; the same on all threads. */
  clientSecretKey: Uint8Array;
}

/** A handshake as far as it is understood. */
interface Handshake {
  request: Request;
  server: Upgrader;
  endpoint: SocketEndpoint;
  query: URLSearchParams;
  protocols: readonly string[];
  secret: ClientSecret | null;
}

/** Answers the handshakes of WebSockets: sessions, and the Responses API. */
export class SocketIngress {
  private readonly dependencies: SocketDependencies;
  private readonly live: LiveRequests;
  private readonly responses = new Set<ResponsesPeer>();

  constructor(dependencies: SocketDependencies, live: LiveRequests) {
    this.dependencies = dependencies;
    this.live = live;
  }

  /** Never rejects; undefined: the request has become a WebSocket. */
  async answer(
    request: Request,
    server: Upgrader,
    endpoint: SocketEndpoint,
    text: string,
  ): Promise<Response | undefined> {
    const query = new URLSearchParams(text);
    const protocols = offeredProtocols(request.headers);
    const presented = socketCredential(request.headers, query, protocols);
    const context = this.begin(request, endpoint, query, presented);
    const live = this.live.add(context, null, null, limitsOf(context));
    const leave = (): void => context.cancel(new GatewayError("client_aborted", "the client went away"));
    request.signal.addEventListener("abort", leave);
    try {
      checkHandshake(request, protocols);
      if (presented === null) checkOrigin(request.headers);
      if (this.live.isDraining) throw stopping();
      const secret = this.vouch(context, presented);
      runHead(context);
      const it = { request, server, endpoint, query, protocols, secret };
      const reply =
        endpoint.protocol === "responses" ? this.openResponses(it, context) : await this.openSession(it, context, live);
      return reply === null ? undefined : responseOf(context, reply, this.live.isDraining);
    } catch (error) {
      return responseOf(context, refuse(context, asGatewayError(error, context.runtime)), this.live.isDraining);
    } finally {
      request.signal.removeEventListener("abort", leave);
    }
  }

  /** Lets connections without a turn under way go. */
  drain(): void {
    for (const peer of this.responses) peer.drain();
  }

  private begin(
    request: Request,
    endpoint: SocketEndpoint,
    query: URLSearchParams,
    presented: string | null,
  ): RequestContext {
    const { runtime } = this.dependencies;
    const isSecret = presented?.startsWith(CLIENT_SECRET_PREFIX) === true;
    const { protocol, dialect, version } = endpoint;
    const codec = runtime.taskDialects.get(dialect)?.realtime;
    const socket =
      protocol === "responses" || codec === undefined
        ? null
        : { codec, query: withoutKeys(query), version, keyId: null };
    const beginning = { operation: protocol, dialect, headers: request.headers };
    const context = beginRequest(runtime, this.dependencies.snapshot(), beginning);
    context.arrival.socket = socket;
    context.arrival.queryKey = isSecret ? null : presented;
    return context;
  }

  /** Checks a client secret, and lets it stand for its virtual key. Only sessions take one. */
  private vouch(context: RequestContext, presented: string | null): ClientSecret | null {
    if (presented?.startsWith(CLIENT_SECRET_PREFIX) !== true) return null;
    const { socket, wall } = context.arrival;
    const read = readClientSecret(this.dependencies.clientSecretKey, presented, wall);
    if (read.status !== "found" || socket === null) {
      const text = read.status === "expired" ? "this client secret has expired" : "unknown client secret";
      throw new GatewayError("unauthenticated", text);
    }
    const { model } = read.secret.session;
    if (typeof model === "string" && !socket.query.has("model")) socket.query.set("model", model);
    socket.keyId = read.secret.keyId;
    return read.secret;
  }

  /** Where the model is known, the provider's side is opened before the client's: a refusal is an answer of HTTP then. */
  private async openSession(it: Handshake, context: RequestContext, live: LiveRequest): Promise<Reply | null> {
    const { codec } = context.socket;
    if (codec.modelIn === "query") {
      live.bodyRead(performance.now());
      const reply = await run(context);
      if (context.session === null) return reply;
    }
    const peer = new RealtimePeer(context, live, initialMessage(it.secret, codec));
    if (upgrade(it, peer)) return null;
    const gone = new GatewayError("client_aborted", "the client went away");
    context.cancel(gone);
    return refuse(context, gone);
  }

  /** The handshake is no request: only the turns of the connection are, each recorded by itself. */
  private openResponses(it: Handshake, context: RequestContext): Reply | null {
    const peer = new ResponsesPeer({
      begin: () => this.beginTurn(it.request, context.arrival.queryKey),
      perform: (turn, text) => this.perform(turn, text),
      forget: (closed) => void this.responses.delete(closed),
      lifetimeMs: context.snapshot.data.sessionTimeoutMs,
    });
    if (!upgrade(it, peer)) throw new GatewayError("client_aborted", "the client went away");
    this.responses.add(peer);
    context.ended();
    return null;
  }

  private beginTurn({ headers }: Request, queryKey: string | null): RequestContext {
    const beginning = { operation: "responses", dialect: "openai-responses", headers } as const;
    const context = beginRequest(this.dependencies.runtime, this.dependencies.snapshot(), beginning);
    context.arrival.queryKey = queryKey;
    return context;
  }

  private async perform(context: RequestContext, text: string): Promise<Reply> {
    const live = this.live.add(context, null, null, context.snapshot.data);
    try {
      if (this.live.isClosed) throw stopping();
      runHead(context);
      const bytes = Buffer.from(text);
      context.arrival.body = await parseBody(bytes);
      context.arrival.bodyLength = bytes.length;
      live.bodyRead(performance.now());
    } catch (error) {
      return refuse(context, asGatewayError(error, context.runtime));
    }
    return run(context);
  }
}

/** A session ends by limits of its own. */
function limitsOf({ snapshot }: RequestContext): {
  bodyTimeoutMs: number;
  requestTimeoutMs: number;
  idleTimeoutMs: number;
} {
  return { bodyTimeoutMs: snapshot.data.bodyTimeoutMs, requestTimeoutMs: Infinity, idleTimeoutMs: Infinity };
}

function checkHandshake({ headers }: Request, protocols: readonly string[]): void {
  if (headers.get("upgrade")?.toLowerCase() !== "websocket") {
    throw new GatewayError("invalid_request", "this endpoint is a WebSocket: send an upgrade", { status: 426 });
  }
  if (protocols.length > 0 && agreedProtocol(protocols) === null) {
    throw new GatewayError("invalid_request", "offer a subprotocol beside the one with the key, such as `realtime`");
  }
}

/** Browsers let any page open a WebSocket anywhere: one that brings no key must come from here. */
function checkOrigin(headers: Headers): void {
  const origin = headers.get("origin");
  if (origin === null || URL.parse(origin)?.host === headers.get("host")) return;
  throw new GatewayError("unauthenticated", "pages of other origins need a virtual key or a client secret");
}

function upgrade({ request, server, protocols }: Handshake, data: SocketPeer): boolean {
  const protocol = agreedProtocol(protocols);
  return server.upgrade(request, {
    data,
    ...(protocol !== null && { headers: { "sec-websocket-protocol": protocol } }),
  });
}

/** The configuration that a client secret brings, as the session's first message. */
function initialMessage(secret: ClientSecret | null, { modelIn }: RealtimeCodec): string | null {
  if (secret === null || modelIn !== "query") return null;
  const session = secret.session as JsonObject;
  return Object.keys(session).length === 0 ? null : JSON.stringify({ type: "session.update", session });
}

function stopping(): GatewayError {
  return new GatewayError("draining", "this process is stopping: try again", { retryAfterMs: 1000 });
}
