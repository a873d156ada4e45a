import type { ServerWebSocket, WebSocketHandler } from "bun";
import type { SessionSocket } from "../../pipeline/realtime/session.ts";

/** What a connection's messages go to. */
export interface SocketPeer {
  opened(socket: SessionSocket): void;
  /** Text as a string, binary as bytes. */
  message(data: string | Buffer): void;
  drained(): void;
  closed(code: number, reason: string): void;
}

/** Past this much the runtime drops messages: nobody comes near who pauses what feeds the connection. */
const BACKPRESSURE_BYTES = 64 * 1024 * 1024;
/** A client that answers no ping for so long is gone. */
const IDLE_SECONDS = 120;

/** How the server treats its WebSockets: one handler for all, which hands everything to the connection's peer. */
export function socketHandler(maxMessageBytes: number): WebSocketHandler<SocketPeer> {
  return {
    maxPayloadLength: maxMessageBytes,
    backpressureLimit: BACKPRESSURE_BYTES,
    idleTimeout: IDLE_SECONDS,
    perMessageDeflate: false,
    open: (socket) => socket.data.opened(new ClientSocket(socket)),
    message: (socket, data) => socket.data.message(data),
    drain: (socket) => socket.data.drained(),
    close: (socket, code, reason) => socket.data.closed(code, reason),
  };
}

/** A client's connection. */
class ClientSocket implements SessionSocket {
  private readonly socket: ServerWebSocket<SocketPeer>;

  constructor(socket: ServerWebSocket<SocketPeer>) {
    this.socket = socket;
  }

  get buffered(): number {
    return this.socket.getBufferedAmount();
  }

  /** A message that was dropped would make what follows a lie: the connection ends. */
  send(data: string | Uint8Array): void {
    if (this.socket.send(data) === 0 && data.length > 0) this.socket.terminate();
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  close(code: number | null, reason: string): void {
    if (code === null) this.socket.close();
    else this.socket.close(code, reason);
  }

  terminate(): void {
    this.socket.terminate();
  }
}
