import type { Warning } from "../../../canonical/warning.ts";
import type { BodyKind } from "../body.ts";
import type { GatewayError } from "../../../canonical/errors.ts";
import type { ErrorCodec, Framing } from "../../../canonical/dialect.ts";
import type { ChatDialect, DialectName } from "../../../canonical/names.ts";
import type { RawBody } from "../../../domain/attempt/patch.ts";
import type { HeaderSource } from "../../../domain/identity/credential.ts";
import type { Arrival, RequestContext } from "../../../pipeline/context.ts";
import type { ServiceCall } from "../../../pipeline/service/service-call.ts";
import type { PipelineOperation } from "../../../pipeline/stages.ts";
import { percentDecoded } from "../../../lib/percent-decode.ts";

/** A way into the pipeline. */
export interface InferenceEndpoint {
  type: "inference";
  operation: PipelineOperation;
  dialect: DialectName;
  /** Some dialects name the model, and whether to stream, in the path. */
  pathModel: string | null;
  pathStream: boolean;
  /** Id of the job that the path names. */
  pathJob?: string;
  /** Set on what is asked without a body: its query stands in for one. */
  isBodiless?: boolean;
  /** A provider that the path names, for models that name none. */
  pathProvider?: string;
  /** A model in the path of a dialect that has it in the body: it belongs there (Azure's deployments). */
  bodyModel?: string;
  /** How the client's stream is framed, where not as its dialect says. */
  framing?: Framing;
  /** For paths where only the body tells operation and dialect; until it is read, those of the endpoint hold. */
  open?: (letter: Letter) => Opened;
  /** What the body may be, where not as the operation says. */
  bodyKind?: BodyKind;
  /** Set on what is asked about things that outlive a request. */
  service?: Pick<ServiceCall, "action" | "id" | "itemId">;
  /** The answer is to be fetched later. */
  isAsync?: boolean;
  /** A conversation is to be compacted, not to be answered. */
  isCompaction?: boolean;
  /** What this API says in the query. */
  readQuery?: (query: URLSearchParams) => QueryFields;
  /** How errors look here, where not as in the dialect. */
  errors?: ErrorCodec;
  /** Headers that this API adds to its answers. */
  replyHeaders?: (context: RequestContext) => Record<string, string>;
}

/** What a query may say of a request. */
export type QueryFields = Pick<Arrival, "queryKey" | "jsonArrayStream">;

/** A request whose body has been read. */
export interface Letter {
  body: RawBody;
  headers: HeaderSource;
  pathModel: string;
  pathStream: boolean;
}

/** What a body turned out to be; body and headers as the pipeline is to see them. */
export interface Opened extends Shape {
  body: RawBody;
  headers: HeaderSource;
  /** Where the body tells these too. */
  pathModel?: string | null;
  pathStream?: boolean;
  pathProvider?: string;
  warnings?: readonly Warning[];
}

/** A list of models in the shape of a dialect; `id`: one of them. */
export interface ModelsEndpoint {
  type: "models";
  dialect: ChatDialect;
  /** Whose form the list has, where not the dialect's. */
  shape?: "openrouter" | "ai-gateway-v2" | "ai-gateway-v4";
  id: string | null;
  /** The body's `model` names the one: Ollama's `/api/show`. */
  idInBody?: boolean;
}

/** A WebSocket: sessions, or the Responses API. */
export interface SocketEndpoint {
  type: "socket";
  protocol: "realtime" | "responses";
  dialect: DialectName;
  /** Version of the API, where the path names one. */
  version: string | null;
}

/** Where short-lived credentials for sessions are made. */
export interface ClientSecretEndpoint {
  type: "client_secret";
  form: "client_secrets" | "sessions";
}

/** An answer that is always the same. */
export interface ConstantEndpoint {
  type: "constant";
  body: object;
}

export type Endpoint = InferenceEndpoint | ModelsEndpoint | ConstantEndpoint | SocketEndpoint | ClientSecretEndpoint;

/** An endpoint without what the path says. */
export type Shape = Pick<InferenceEndpoint, "operation" | "dialect">;

export type Match =
  | { status: "found"; endpoint: Endpoint }
  | { status: "no_path" }
  /** Known, but not to be had here. */
  | { status: "refused"; error: GatewayError }
  | { status: "wrong_method"; allow: string };

/** What a match may look at beside method and path. */
export interface RequestHints {
  headers: { has(name: string): boolean };
}

/** The endpoints of one API, below each of its prefixes. */
export interface Family {
  /** Without a trailing slash; the empty prefix is the root. */
  prefixes: readonly string[];
  /** Bodies that are posted to a fixed path. */
  posts: Readonly<Record<string, Shape>>;
  /** WebSockets at fixed paths. */
  sockets?: Readonly<Record<string, Omit<SocketEndpoint, "type">>>;
  /** Beginnings of further paths, for a family with the empty prefix. */
  rootPaths?: readonly string[];
  /** In whose shape a path that is none of its endpoints is refused; default: OpenAI's. */
  errors?: ChatDialect;
  /** Other paths; null: none of this family's. */
  match?(method: string, path: string, hints: RequestHints): Match | null;
}

/** A POST of a body, or what is wrong with another method. */
export function posted(method: string, endpoint: Omit<InferenceEndpoint, "type">): Match {
  if (method !== "POST") return { status: "wrong_method", allow: "POST" };
  return { status: "found", endpoint: { type: "inference", ...endpoint } };
}

/** The list of models below `/models`, in the shape of a dialect; null: another path. */
export function modelsMatch(method: string, path: string, dialect: ChatDialect): Match | null {
  if (path !== "/models" && !path.startsWith("/models/")) return null;
  if (method !== "GET" && method !== "HEAD") return { status: "wrong_method", allow: "GET" };
  const id = path.length <= "/models/".length ? null : percentDecoded(path.slice("/models/".length));
  return { status: "found", endpoint: { type: "models", dialect, id } };
}
