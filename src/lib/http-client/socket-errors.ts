import type { HttpErrorKind } from "./http-error.ts";
import { HttpError } from "./http-error.ts";

const CONNECT_ERRORS: Record<string, HttpErrorKind> = {
  ECONNRESET: "reset",
  ETIMEDOUT: "connect_timeout",
  /** Certificates of the options that cannot be read. */
  ERR_BORINGSSL: "tls",
};
const DNS_ERROR = /^(?:ENOTFOUND|EAI_|ENODATA|ENONAME|ESERVFAIL|EBADNAME|EBADQUERY|EBADRESP|EFORMERR|ENOTIMP|DNS_)/;

/** A failure to connect, by the system's error code. */
export function connectError(error: Error): HttpError {
  const code = codeOf(error);
  const kind = DNS_ERROR.test(code) ? "dns" : (CONNECT_ERRORS[code] ?? "connect_refused");
  return new HttpError(kind, `cannot connect: ${kind === "tls" || code === "" ? error.message : code}`, error);
}

/** No session came about, as opposed to one with a certificate that was not verified. */
export function isBrokenHandshake(error: Error | null): boolean {
  const code = codeOf(error);
  return code === "EPROTO" || code === "ECONNRESET";
}

/** A handshake that failed, or a certificate or host name that was refused. */
export function handshakeError(error: Error | null): HttpError {
  const reason = error?.message ?? "the server is not authorized";
  return new HttpError(codeOf(error) === "ECONNRESET" ? "reset" : "tls", `TLS: ${reason}`, error ?? undefined);
}

function codeOf(error: Error | null): string {
  return error !== null && "code" in error && typeof error.code === "string" ? error.code : "";
}
