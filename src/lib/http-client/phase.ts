import type { HttpErrorKind } from "./http-error.ts";
import type { HttpRequest } from "./request.ts";

/** What a connection is doing. */
export type Phase = "connecting" | "sending" | "waiting" | "receiving" | "idle" | "closed";

interface Limit {
  kind: HttpErrorKind;
  message: string;
  ms(request: HttpRequest): number;
}

/** How long a phase may last without progress, and the error when it does. */
export const LIMITS: Record<Exclude<Phase, "idle" | "closed">, Limit> = {
  connecting: {
    kind: "connect_timeout",
    message: "no connection in time",
    ms: (request) => request.connectTimeoutMs,
  },
  sending: {
    kind: "idle_timeout",
    message: "the server stopped taking the request",
    ms: (request) => request.idleTimeoutMs,
  },
  waiting: {
    kind: "first_byte_timeout",
    message: "no response in time",
    ms: (request) => request.firstByteTimeoutMs,
  },
  receiving: {
    kind: "idle_timeout",
    message: "the response stalled",
    ms: (request) => request.idleTimeoutMs,
  },
};
