import type { GatewayError } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import type { ClientSide, ProviderSide, SideContext } from "./realtime-events.ts";
import type { Usage } from "./usage.ts";

/** Where a client's message names a model. `session`: that of the session itself; `helper`: one that works beside it. */
export interface ModelSlot {
  holder: JsonObject;
  key: string;
  role: "session" | "helper";
}

/** What one message of a provider tells beside its content. */
export interface ServerReport {
  /** What the provider bills for. */
  usage: Usage | null;
  /** That is the usage of a model that works beside the session's own. */
  isHelper: boolean;
  /** Content on its way to the client that no usage has covered yet, as tokens by estimate. */
  textTokens: number;
  audioTokens: number;
}

/** How a session names what it wants, on the way to the server. */
export interface SessionRequest {
  /** Model id at the provider. */
  model: string;
  /** The client's query, without credentials. */
  query: URLSearchParams;
  /** The client's version of the API, where the path has one. */
  version: string | null;
}

/** One protocol of sessions over WebSocket: as far as a relay has to read it, and both sides of a translated session. */
export interface RealtimeCodec {
  /** Where a session's model stands: in the query of the handshake, or in the client's first message. */
  modelIn: "query" | "first_message";
  /** Of the handshake's query, or of the first message; undefined: it names none. */
  modelOf(query: URLSearchParams, first: JsonObject): string | undefined;
  /** Path of the handshake below the wire's base, with its query. */
  path(request: SessionRequest): string;
  /** Places that name models in a client's message. */
  modelSlots(message: JsonObject): ModelSlot[];
  /** Reads one message of the server, text or the bytes of one; null: nothing but traffic. Never throws. */
  readServer(data: string | Buffer): ServerReport | null;
  /** The event that tells a client of an error; null: the protocol has none but its close frame. */
  encodeError(error: GatewayError, eventId: string): string | null;
  /** Throws for a session that only this protocol has, by the handshake's query. */
  checkTranslatable(query: URLSearchParams): void;
  createClientSide(context: SideContext): ClientSide;
  createProviderSide(context: SideContext): ProviderSide;
  /** The usual model for transcripts of what the user says, where the session's own does not make them. */
  transcriber: string | null;
}
