import type { ChatProviderSide, ErrorCodec, Framing } from "../canonical/dialect.ts";
import type { JsonObject } from "../canonical/json.ts";
import type { Wire } from "../canonical/provider.ts";
import type { AnyTaskProvider, CallRequest } from "../canonical/task.ts";
import type { ToolNames } from "./tool-names.ts";

/** A request as it goes to one target. */
export interface Prepared {
  wire: Wire;
  method: "GET" | "POST" | "DELETE";
  /** Below the base URL of the key; the names of settings stand in braces. Or a whole address that the provider named. */
  path: string;
  body: string | Uint8Array;
  /** What `body` is still to be made of, in steps; absent: it is complete. */
  unwritten?: JsonObject;
  /** Beyond those of the key: lower-case names. */
  headers: Record<string, string>;
  /** What the calls of its answer are named at the client; absent: as they come. */
  toolNames?: ToolNames;
  /** How the upstream writes its errors. */
  errors: ErrorCodec;
  /** The answer's bytes go to the client as they are. */
  isRelay: boolean;
  /** How the upstream's stream is read; null: the answer comes whole. */
  stream: PreparedStream | PreparedTaskStream | null;
}

/** The stream of a chat. */
export interface PreparedStream {
  type: "chat";
  framing: Framing;
  /** What the upstream speaks. */
  dialect: ChatProviderSide;
  /** Rewrites the data of each event of a relayed stream; null: the bytes pass as they are. */
  soften: ((data: string) => string) | null;
}

/** The stream of a task: the client's bytes, or events of the client's own dialect. */
export interface PreparedTaskStream {
  type: "task";
  form: "bytes" | "events";
  /** What the upstream speaks. */
  codec: AnyTaskProvider;
  /** As the upstream got it. */
  request: CallRequest;
}
