import type { SocketHandler } from "bun";
import type { Connection } from "./connection.ts";

/** One set of handlers for all sockets: what happens to a socket, told to its connection. */
export const socketHandlers: SocketHandler<Connection> = {
  binaryType: "uint8array",
  open: (socket) => socket.data.opened(socket),
  handshake: (socket, success, error) => socket.data.secured(success, error),
  data: (socket, bytes) => socket.data.received(bytes),
  drain: (socket) => socket.data.drained(),
  end: (socket) => socket.data.finished(),
  error: (socket, error) => socket.data.faulted(error),
  close: (socket, error) => socket.data.closed(error),
};
