import type { RawBody } from "../../domain/attempt/patch.ts";

/** A request that goes to a provider as it is. */
export interface Passing {
  method: string;
  /** Provider, as the path names it. */
  provider: string;
  /** What follows the provider, as it was written; begins with a slash. */
  path: string;
  /** Without its question mark. */
  query: string;
  /** Where this gateway is, as the client calls it: `http://host:port`. */
  origin: string;
  body: PassingBody | null;
}

/** The body of such a request: it is either read or streamed on. */
export interface PassingBody {
  /** Bytes; null: the client does not say. */
  size: number | null;
  /** Reads all of it, within the limit of bodies. Throws a `GatewayError`. */
  read(): Promise<Uint8Array>;
  /** Reads what was read as JSON or as a form; null: it is neither. Throws a `GatewayError` for what claims to be and is not. */
  parse(bytes: Uint8Array): Promise<RawBody | null>;
  /** For what has not been read. */
  stream(): ReadableStream<Uint8Array>;
  /** All of it has come. */
  ended(): void;
}
