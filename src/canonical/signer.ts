/** Ways to authorise a call that take code; each is implemented in the folder of the provider that it belongs to. */
export type SignerName = "aws-sigv4" | "entra" | "google-oauth" | "ibm-iam";

/** What an operator gave for one provider key. */
export interface Credential {
  /** The key as one text; empty when `fields` holds it. Never logged, never in an error. */
  value: string;
  fields: Readonly<Record<string, string>>;
  settings: Readonly<Record<string, string>>;
}

/** A call about to be sent. */
export interface UnsignedCall {
  method: string;
  /** As in the `host` header. */
  host: string;
  /** With its query, percent-encoded. */
  path: string;
  /** All that will be sent beside the signer's own; lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array;
}

/** Authorises calls. One instance serves all keys of a data thread, and keeps tokens until shortly before they expire. */
export interface Signer {
  name: SignerName;
  /**
   * The headers that the call needs beside its own; a promise only while a token is being fetched. Throws or rejects with
   * `GatewayError` `upstream_auth` (the credential is refused or incomplete) or `upstream_unreachable`.
   */
  sign(
    call: UnsignedCall,
    credential: Credential,
    now: number,
  ): Record<string, string> | Promise<Record<string, string>>;
  /** The provider refused what `sign` wrote for this credential: a token that is not new is not used again. */
  refused?(credential: Credential, now: number): void;
}
