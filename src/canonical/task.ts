import type { ErrorCodec, TargetContext } from "./dialect.ts";
import type { Json, JsonObject } from "./json.ts";
import type { DialectName, TaskOperation } from "./names.ts";
import type { EmbeddingsAnswer, EmbeddingsRequest } from "./tasks/embeddings.ts";
import type { Usage } from "./usage.ts";
import type { Warning } from "./warning.ts";

/** What every request names, whatever its operation. */
export interface CallRequest {
  /** As the caller wrote it; the route replaces it before encoding for an upstream. */
  model: string;
  stream: boolean;
  /** Path of a relayed request below the base URL, in dialects with several endpoints for one operation; absent: the dialect's. */
  relayPath?: string;
  /** Found while decoding. */
  warnings: Warning[];
}

/** What every answer to a task may report. */
export interface TaskAnswer {
  /** Absent when the provider sent none. */
  usage?: Usage;
}

/** One part of a multipart form; `data` may be a view on the request's body. */
export interface FormPart {
  name: string;
  /** Set on files. */
  filename?: string;
  contentType?: string;
  data: Uint8Array;
}

/** A client's request as the ingress hands it to a task's decoder. */
export interface TaskWire {
  /** The JSON body, or the text fields of a form (a name that stands several times is an array). */
  body: JsonObject;
  /** All parts of a multipart form, in order; null for a JSON body. */
  form: readonly FormPart[] | null;
  /** From the path, in dialects that put the model there. */
  pathModel?: string;
}

/** The body of a task: a JSON object, a multipart form, or bytes of some other type. */
export type EncodedBody =
  | { json: JsonObject }
  | { form: readonly FormPart[] }
  | { contentType: string; data: string | Uint8Array };

/** A task ready for an upstream: path below the provider's base URL, and the body. */
export interface EncodedTask {
  path: string;
  body: EncodedBody;
  /** Extra headers, lower-case names. */
  headers: Record<string, string>;
}

/** An upstream's answer to a task. */
export interface TaskWireAnswer {
  contentType: string;
  bytes: Uint8Array;
  /** Parses the answer; throws `provider_protocol_error` when it is not JSON. */
  json(): Json;
}

/** The client's form of an answer. */
export interface EncodedAnswer {
  contentType: string;
  body: string | Uint8Array;
}

/** What an encoder for clients may need to know of the request. */
export interface TaskReply<Request extends CallRequest> {
  requestId: string;
  /** Unix seconds of the request's arrival. */
  createdAt: number;
  request: Request;
}

/** How a task weighs before it is done: what its reservation is made from. */
export interface TaskWeight {
  /** Estimate; 0 where the operation is not billed by input tokens. */
  inputTokens: number;
  /** The most output tokens that it can bring; 0 where the operation has none. */
  outputTokens: number;
  hasImages: boolean;
  /** What is billed by the piece, as far as the request says; see `Usage.units`. */
  units?: Usage["units"];
}

/** Both sides of one wire for one operation that is no chat. decode = wire → canonical, encode = canonical → wire. */
export interface TaskCodec<Request extends CallRequest, Answer extends TaskAnswer> {
  /** Throws `GatewayError("invalid_request")` with `param` for what no provider could accept; unknown fields go to `extensions`. */
  decodeRequest(wire: TaskWire): Request;
  weigh(request: Request): TaskWeight;
  encodeRequest(request: Request, target: TargetContext): EncodedTask;
  /** Path of a relayed request, below the base URL. */
  relayPath(model: string): string;
  /** True when the body names the model (false: the path does). */
  modelInBody: boolean;
  /** Throws `provider_protocol_error` when the answer is none of this wire. */
  decodeResponse(answer: TaskWireAnswer, request: Request): Answer;
  encodeResponse(answer: Answer, reply: TaskReply<Request>): EncodedAnswer;
}

/** The canonical request and answer of each operation. */
export interface TaskForms {
  embeddings: { request: EmbeddingsRequest; answer: EmbeddingsAnswer };
}

/** The operations beside chat that a dialect has. */
export type Tasks = {
  [Operation in TaskOperation]?: TaskCodec<TaskForms[Operation]["request"], TaskForms[Operation]["answer"]>;
};

/** A codec whose forms the pipeline does not look into. */
export type AnyTaskCodec = TaskCodec<CallRequest, TaskAnswer>;

/** A dialect as far as it serves operations beside chat. */
export interface TaskDialect extends ErrorCodec {
  name: DialectName;
  tasks: Tasks;
}
