import { GatewayError } from "../../canonical/errors.ts";
import type { RequestContext } from "../../pipeline/context.ts";
import { closeCodeOf } from "../../pipeline/realtime/close-codes.ts";
import type { RealtimeSession, SessionSocket } from "../../pipeline/realtime/session.ts";
import { refuse, run } from "../../pipeline/run.ts";
import { cutReason } from "../../lib/websocket-client/index.ts";
import { parseBody } from "../http/parse-body.ts";
import type { LiveRequest } from "../http/live-request.ts";
import type { SocketPeer } from "./client-socket.ts";

/** Bytes that may wait while the session is being opened. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** The client's side of a session: of one that is open already, or of one whose first message says what it is to be. */
export class RealtimePeer implements SocketPeer {
  private readonly context: RequestContext;
  private readonly live: LiveRequest;
  /** What the client secret says that the session begins with. */
  private readonly initial: string | null;
  private socket: SessionSocket | null = null;
  private session: RealtimeSession | null = null;
  private isBegun = false;
  private waiting: (string | Buffer)[] = [];
  private waitingBytes = 0;

  constructor(context: RequestContext, live: LiveRequest, initial: string | null) {
    this.context = context;
    this.live = live;
    this.initial = initial;
  }

  opened(socket: SessionSocket): void {
    this.socket = socket;
    const { session } = this.context;
    if (session !== null) return this.attach(session, socket);
    this.context.giveUp = (reason) => this.refuse(reason);
  }

  message(data: string | Buffer): void {
    if (this.session !== null) return this.session.fromClient(data);
    if (!this.isBegun) {
      this.isBegun = true;
      void this.begin(data);
      return;
    }
    this.waiting.push(data);
    this.waitingBytes += data.length;
    const text = `more than ${MAX_WAITING_BYTES} bytes before the session was open`;
    if (this.waitingBytes > MAX_WAITING_BYTES) this.context.cancel(new GatewayError("body_too_large", text));
  }

  drained(): void {
    this.session?.clientDrained();
  }

  closed(code: number, reason: string): void {
    this.socket = null;
    if (this.session !== null) return this.session.clientClosed(code, reason);
    this.context.cancel(new GatewayError("client_aborted", "the client went away"));
  }

  private attach(session: RealtimeSession, socket: SessionSocket): void {
    this.isBegun = true;
    this.session = session;
    session.attach(socket);
    if (this.initial !== null) session.fromClient(this.initial);
  }

  /** The first message is the body of the request. */
  private async begin(first: string | Buffer): Promise<void> {
    const { context, socket } = this;
    socket?.pause();
    context.giveUp = null;
    this.live.bodyRead(performance.now());
    try {
      const bytes = Buffer.from(first as string);
      context.arrival.body = await parseBody(bytes);
      context.arrival.bodyLength = bytes.length;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return this.refuse(error);
    }
    const reply = await run(context);
    const { session } = context;
    if (session === null || this.socket === null) return this.end(reply.error ?? null);
    this.attach(session, this.socket);
    for (const message of [first, ...this.waiting.splice(0)]) session.fromClient(message);
    this.socket.resume();
  }

  private refuse(error: GatewayError): void {
    const reply = refuse(this.context, error);
    this.end(reply.error ?? error);
  }

  private end(error: GatewayError | null): void {
    if (error === null) return;
    const event = this.context.socket.codec.encodeError(error, this.context.arrival.id);
    if (event !== null) this.socket?.send(event);
    this.socket?.resume();
    this.socket?.close(closeCodeOf(error), cutReason(error.message));
  }
}
