import type { ErrorCodec, HeaderReader, Frame, TargetContext } from "./dialect.ts";
import type { GatewayError } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import type { DialectName, TaskOperation } from "./names.ts";
import type { EmbeddingsAnswer, EmbeddingsRequest } from "./tasks/embeddings.ts";
import type { RealtimeCodec } from "./realtime.ts";
import type { ImageAnswer, ImageEditRequest, ImageRequest, ImageVariationRequest } from "./tasks/image.ts";
import type { OcrAnswer, OcrRequest } from "./tasks/ocr.ts";
import type { SpeechAnswer, SpeechRequest } from "./tasks/speech.ts";
import type { TranscriptionAnswer, TranscriptionRequest } from "./tasks/transcription.ts";
import type {
  VideoAnswer,
  VideoContentAnswer,
  VideoDeletedAnswer,
  VideoJobRequest,
  VideoRequest,
} from "./tasks/video.ts";
import type { ModerationAnswer, ModerationRequest } from "./tasks/moderation.ts";
import type { RerankAnswer, RerankRequest } from "./tasks/rerank.ts";
import type { Usage } from "./usage.ts";
import type { Warning } from "./warning.ts";

/** What every request names, whatever its operation. */
export interface CallRequest {
  /** As the caller wrote it; the route replaces it before encoding for an upstream. */
  model: string;
  stream: boolean;
  /** Path of a relayed request below the base URL, in dialects with several endpoints for one operation; absent: the dialect's. */
  relayPath?: string;
  /** Id of the job that it is about: as the caller wrote it, from the route on as the provider knows it. */
  job?: string;
  /** When that job was begun, Unix seconds; known from the route on. */
  jobBegunAt?: number;
  /** Found while decoding. */
  warnings: Warning[];
}

/** What every answer to a task may report. */
export interface TaskAnswer {
  /** Absent when the provider sent none. */
  usage?: Usage;
  /** The job that it began or tells of: the client gets its id sealed. */
  job?: { id: string };
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
  /** In dialects that say there what others say in the body. */
  headers?: HeaderReader;
  /** Id of a job, from the path. */
  pathJob?: string;
}

/** The body of a task: a JSON object, a multipart form, bytes of some other type, or none. */
export type EncodedBody =
  | null
  | { json: JsonObject }
  | { form: readonly FormPart[] }
  | { contentType: string; data: string | Uint8Array };

/** A task ready for an upstream: path below the provider's base URL, and the body. */
export interface EncodedTask {
  /** Default POST. */
  method?: "GET" | "POST" | "DELETE";
  path: string;
  body: EncodedBody;
  /** Extra headers, lower-case names. */
  headers: Record<string, string>;
}

/** A further call that has to be made before a task is done: an upload was the first, or the answer was that it is not ready. */
export interface FollowUp extends EncodedTask {
  /** Below the base URL, or a whole address at a host that the manifest names. */
  path: string;
  /** To wait before it, milliseconds. */
  afterMs: number;
  /** How its answer comes; default whole. */
  form?: "bytes";
}

/** How an answer comes: whole; as the bytes that the client asked for, to go on as they come; as server-sent events. */
export type AnswerForm = "whole" | "bytes" | "events";

/** The head of an answer that goes on as bytes. */
export interface BytesAnswer {
  header(name: string): string | null;
}

/** What one event of a task's stream is. */
export type TaskEvent =
  | { type: "content" }
  | { type: "other" }
  /** The last one. */
  | { type: "end"; usage?: Usage }
  | { type: "error"; error: GatewayError };

/** Reads the events of one answer. Never throws on bad input. */
export interface TaskEventReader {
  read(frame: Frame): TaskEvent;
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
  /** Where the answer is to be found, at an address that needs no credential. */
  location?: string;
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

/** What a wire needs to serve clients with one operation that is no chat. */
export interface TaskClientSide<Request extends CallRequest, Answer extends TaskAnswer> {
  /** Throws `GatewayError("invalid_request")` with `param` for what no provider could accept; unknown fields go to `extensions`. */
  decodeRequest(wire: TaskWire): Request;
  weigh(request: Request): TaskWeight;
  /** Path of a relayed request, below the base URL; null: its answers name jobs, whose ids clients get sealed, so that none is relayed. */
  relayPath: ((model: string, request: Request) => string) | null;
  /** False: the request cannot be relayed to a target of this model, because its body names another; absent: it always can. */
  canRelay?(request: Request, model: string): boolean;
  /** Headers that say what a relayed body does not. */
  relayHeaders?(model: string): Record<string, string>;
  /** True when the body names the model (false: the path does). */
  modelInBody: boolean;
  encodeResponse(answer: Answer, reply: TaskReply<Request>): EncodedAnswer;
  /** For wires with streams: the whole answer as the events that end one, for a client that asked for a stream. */
  encodeEvents?(answer: Answer, reply: TaskReply<Request>): string;
}

/** What a wire needs to have an operation that is no chat done by providers. */
export interface TaskProviderSide<Request extends CallRequest, Answer extends TaskAnswer> {
  encodeRequest(request: Request, target: TargetContext): EncodedTask;
  /** How the answer to this request comes; absent: whole. */
  answerForm?(request: Request): AnswerForm;
  /** For `bytes`: what the answer is charged by. */
  bytesUsage?(request: Request, answer: BytesAnswer): Usage;
  /** For `events`. */
  createEventReader?(request: Request): TaskEventReader;
  /** The call that has to follow this answer; null: the task is done. `path`: of the call that it answers. */
  followUp?(answer: TaskWireAnswer, request: Request, path: string): FollowUp | null;
  /** Throws `provider_protocol_error` when the answer is none of this wire. */
  decodeResponse(answer: TaskWireAnswer, request: Request): Answer;
}

/** Both sides of one wire for one operation that is no chat. decode = wire → canonical, encode = canonical → wire. */
export interface TaskCodec<Request extends CallRequest, Answer extends TaskAnswer>
  extends TaskClientSide<Request, Answer>, TaskProviderSide<Request, Answer> {}

/** The canonical request and answer of each operation. */
export interface TaskForms {
  embeddings: { request: EmbeddingsRequest; answer: EmbeddingsAnswer };
  image: { request: ImageRequest; answer: ImageAnswer };
  image_edit: { request: ImageEditRequest; answer: ImageAnswer };
  image_variation: { request: ImageVariationRequest; answer: ImageAnswer };
  ocr: { request: OcrRequest; answer: OcrAnswer };
  speech: { request: SpeechRequest; answer: SpeechAnswer };
  transcription: { request: TranscriptionRequest; answer: TranscriptionAnswer };
  translation: { request: TranscriptionRequest; answer: TranscriptionAnswer };
  video: { request: VideoRequest; answer: VideoAnswer };
  video_content: { request: VideoJobRequest; answer: VideoContentAnswer };
  video_delete: { request: VideoJobRequest; answer: VideoDeletedAnswer };
  video_status: { request: VideoJobRequest; answer: VideoAnswer };
  moderation: { request: ModerationRequest; answer: ModerationAnswer };
  rerank: { request: RerankRequest; answer: RerankAnswer };
}

/** The operations beside chat that a dialect has: all for providers, some for clients too. */
export type Tasks = {
  [Operation in TaskOperation]?: ServedTask<TaskForms[Operation]["request"], TaskForms[Operation]["answer"]>;
};

/** A wire that providers speak, and perhaps clients. */
export type ServedTask<Request extends CallRequest, Answer extends TaskAnswer> = TaskProviderSide<Request, Answer> &
  Partial<TaskClientSide<Request, Answer>>;

/** A codec whose forms the pipeline does not look into. */
export type AnyTaskCodec = TaskCodec<CallRequest, TaskAnswer>;

/** The provider's side of such a one. */
export type AnyTaskProvider = TaskProviderSide<CallRequest, TaskAnswer>;

/** A dialect as far as it serves operations beside chat. */
export interface TaskDialect extends ErrorCodec {
  name: DialectName;
  tasks: Tasks;
  /** Sessions over WebSocket. */
  realtime?: RealtimeCodec;
}
