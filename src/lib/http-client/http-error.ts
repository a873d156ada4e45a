/**
 * How an exchange failed: `dns` … `tls` before the request could be sent, `reset` without any byte of a response,
 * `truncated` in the midst of one, `protocol` when the answer is not HTTP/1.1 (or the request could not be rendered),
 * `too_large` beyond `maxBodyBytes` or `maxHeaderBytes`, `aborted` by the caller.
 */
export type HttpErrorKind =
  | "dns"
  | "connect_refused"
  | "connect_timeout"
  | "tls"
  | "reset"
  | "first_byte_timeout"
  | "idle_timeout"
  | "truncated"
  | "protocol"
  | "too_large"
  | "aborted";

/** The end of an exchange that got no whole response. `cause` is the system's error, where there is one. */
export class HttpError extends Error {
  readonly kind: HttpErrorKind;

  constructor(kind: HttpErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "HttpError";
    this.kind = kind;
  }
}
