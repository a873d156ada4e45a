import type { SocketHandler } from "bun";
import type { Connection } from "./connection.ts";
import type { HttpErrorKind } from "./http-error.ts";
import { HttpError } from "./http-error.ts";

const CONNECT_ERRORS: Record<string, HttpErrorKind> = {
  ECONNRESET: "reset",
  ETIMEDOUT: "connect_timeout",
};
const DNS_ERROR = /^(?:ENOTFOUND|EAI_|ENODATA|ENONAME|ESERVFAIL|EBADNAME|EBADQUERY|EBADRESP|EFORMERR|ENOTIMP|DNS_)/;

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

/** A failure to connect, by the system's error code. */
export function connectError(error: Error): HttpError {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const kind = DNS_ERROR.test(code) ? "dns" : (CONNECT_ERRORS[code] ?? "connect_refused");
  return new HttpError(kind, `cannot connect: ${code === "" ? error.message : code}`, error);
}
