import type { GatewayError, UpstreamFault } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import type { ChatDialect, DialectName } from "./names.ts";
import type { ChatRequest, Effort, Item } from "./request.ts";
import type { ChatResponse } from "./response.ts";
import type { StreamPart } from "./stream-part.ts";
import type { Tasks } from "./task.ts";
import type { Warning } from "./warning.ts";

/** A client's request as the ingress hands it to a decoder. */
export interface WireRequest {
  body: JsonObject;
  /** From the path, in dialects that put the model there (Gemini). */
  pathModel?: string;
  /** From the path or query, in dialects that put it there (Gemini `:streamGenerateContent`). */
  pathStream?: boolean;
  /** In dialects that say there what others say in the body (the AI SDK's gateway protocol). */
  headers?: HeaderReader;
}

/** The target that a request is encoded for. */
export interface TargetContext {
  /** Model id at the provider. */
  model: string;
  /** Output limit of the model from the catalog; Anthropic needs a `max_tokens` in any case. */
  maxOutputTokens?: number;
  /** Receives what could not be carried over. */
  warnings: Warning[];
  flags: ProviderFlags;
}

/** Differences between providers of one dialect, as documented by each. All default to the dialect's own vendor. */
export interface ProviderFlags {
  /** openai-chat: send `max_tokens` instead of `max_completion_tokens`. */
  legacyMaxTokens?: boolean;
  /** openai-chat: no `developer` role. */
  noDeveloperRole?: boolean;
  /** openai-chat: such a message is refused, not only unheard of: a request that has one is not relayed as it came. */
  refusesDeveloperRole?: boolean;
  /** openai-chat: calls in its streams come whole, name and all. */
  streamsWholeCalls?: boolean;
  /**
   * openai-chat: tools of type `custom` are refused, they go as functions of one text argument; so is the choice
   * `allowed_tools`, the tools that it names go alone.
   */
  noCustomTools?: boolean;
  /** openai-chat: `top_k` is taken. */
  topK?: boolean;
  /** openai-chat: the form of a document by its address; absent: the host takes none, only bytes and ids. */
  documents?: DocumentForm;
  /** openai-chat: ids of tool calls are nine letters and digits; others are refused: a request that has one is not relayed as it came. */
  shortCallIds?: boolean;
  /** openai-chat: `stream_options` is refused. */
  noStreamOptions?: boolean;
  /** openai-chat: `response_format: json_schema` is refused: a request that has it is not relayed as it came. */
  noJsonSchema?: boolean;
  /** openai-chat: how reasoning is asked for; default `effort`. */
  reasoning?: ReasoningStyle;
  /** openai-chat: the only values that the host takes as an effort, least first; the nearest one is sent. */
  efforts?: readonly Effort[];
  /**
   * openai-chat: the field that earlier reasoning is read from. Readable reasoning goes there, whoever made it, in place of
   * the fields that it came in.
   */
  reasoningField?: "reasoning" | "reasoning_content";
  /** openai-chat: an assistant message with tool calls is refused without `reasoningField`. */
  needsReasoning?: boolean;
  /** openai-chat: some models write their reasoning into the text, as `<think>…</think>` at its beginning. */
  thinkTags?: boolean;
  /** openai-chat: `reasoning_tokens` and `citation_tokens` are billed beside the prompt and the completion. */
  separateTokens?: boolean;
  /** openai-completions: answers are those of a chat, as Mistral's fill-in-the-middle has them. */
  answersAsMessage?: boolean;
  /** gemini: `countTokens` takes the request's own fields, without `generateContentRequest` around them. */
  flatCountTokens?: boolean;
  /** gemini: models before Gemini 3 refuse ids of calls and of their results. */
  noCallIds?: boolean;
  /** gemini: `toolConfig.includeServerSideToolInvocations` is refused. */
  noToolInvocations?: boolean;
  /** gemini: models of Gemini 2.5 take penalties and tell log probabilities, which the Gemini API refuses since then. */
  fullGemini25?: boolean;
  /**
   * openai: images to be edited go in JSON: the first one's address as `image` or `image_url`, or all as objects `{url, type}`,
   * one in `image`, several in `images`.
   */
  editImages?: "image" | "image_url" | "objects";
  /** vertex: the model embeds by `embedContent`, one content a call, not by `predict`. */
  embedContent?: boolean;
}

/**
 * How a document is said: `{type: file, file: {file_data: address}}`; `{type: file_url, file_url: {url}}`, which takes bare
 * base64 too; `{type: document_url, document_url}`, the address or a `data:` URL.
 */
export type DocumentForm = "file_data" | "file_url" | "document_url";

/**
 * The request fields that ask for reasoning: `reasoning_effort`; `thinking: {type: enabled | disabled}` and, with
 * `efforts`, `reasoning_effort`; `thinking: {type: adaptive | disabled}`;
 * `enable_thinking` and `thinking_budget`; `reasoning: {effort | max_tokens | enabled, exclude}`;
 * `chat_template_kwargs: {enable_thinking, thinking}` and `reasoning_effort`; none.
 */
export type ReasoningStyle =
  | "effort"
  | "thinking"
  | "adaptive"
  | "enable_thinking"
  | "reasoning"
  | "chat_template_kwargs"
  | "unsupported";

/** A request ready for an upstream: path below the provider's base URL, and the body. */
export interface EncodedRequest {
  path: string;
  body: JsonObject;
  /** Extra headers, lower-case names (such as `anthropic-beta`). */
  headers: Record<string, string>;
}

/** What an encoder for clients may need to know of the request. */
export interface ReplyContext {
  /** The gateway's request id, for dialects whose answer must have an id when the upstream gave none. */
  requestId: string;
  /** The model name as the client asked for it, used when the upstream did not say. */
  model: string;
  /** Unix seconds of the request's arrival, used when the upstream did not say. */
  createdAt: number;
  /** Canonical request, for dialects whose answer repeats parts of it (Responses). */
  request: ChatRequest;
  /** Milliseconds since the request arrived, for dialects whose answer tells it (Converse). */
  elapsedMs?(): number;
  /** The gateway keeps the answer: its id has to be the only one of its kind, which those of providers need not be. */
  isKept?: boolean;
  /** What could not be carried over; encoders of streams add what shows only then. */
  warnings?: Warning[];
  /** The client reads calls of tools in streams only where they come in one piece. */
  wantsWholeCalls?: boolean;
}

/**
 * How a stream is cut into frames: server-sent events; AWS event stream messages (binary, one event each); AWS event stream
 * messages whose payload is `{"bytes": base64 of one event}` (InvokeModelWithResponseStream); one JSON text a line.
 */
export type Framing = "sse" | "eventstream" | "eventstream-chunks" | "ndjson";

/** One frame of an upstream's stream. `event` is an event stream's `:event-type` (or `:exception-type`), else empty when the frame names none. */
export interface Frame {
  event: string;
  data: string;
}

/** Decodes an upstream's stream, frame by frame; holds the state of one answer. Never throws on bad input: it emits `error`. */
export interface StreamDecoder {
  /** Appends the parts of one frame to `out`. */
  push(frame: Frame, out: StreamPart[]): void;
  /** The upstream closed cleanly. Appends what is missing: open items end; `error` (`upstream_truncated`) unless the answer is complete. */
  finish(out: StreamPart[]): void;
}

/** Encodes parts for a client's stream; holds the state of one answer. */
export interface StreamEncoder {
  /**
   * The wire form of one part: zero, one or several whole events, as bytes where the framing is binary. `error` yields the
   * dialect's own error event and whatever it needs to end well; `end` the terminal mark. An empty string when the part has
   * no form on this wire.
   */
  encode(part: StreamPart): string | Uint8Array;
}

/** Status, headers and body of an error in the client's own dialect. */
export interface EncodedError {
  status: number;
  body: JsonObject;
}

/** How a dialect counts input tokens without generating. */
export interface CountTokensCodec {
  encodeRequest(request: ChatRequest, target: TargetContext): EncodedRequest;
  /** Reads the upstream's answer; throws `provider_protocol_error` when it has no count. */
  decodeResponse(body: Json): number;
  encodeResponse(inputTokens: number): JsonObject;
}

/** For dialects whose streams report usage only on request: how a relay asks for it without the client noticing. */
export interface StreamUsageOptIn {
  /** The top-level field to set, as JSON text, for the upstream to report usage; null when the client asks for it itself. */
  edit(body: JsonObject): { key: string; value: string } | null;
  /** The data of an event that only the opt-in brought, in a form that does no harm to a client that did not ask. Others stay. */
  readonly soften: (data: string) => string;
}

/** Headers of an answer, by lower-case name. */
export interface HeaderReader {
  get(name: string): string | null;
}

/** Errors of a wire format, both ways. */
export interface ErrorCodec {
  encodeError(error: GatewayError): EncodedError;
  /** Reads an upstream's error body: parsed JSON, or text when it was not JSON. Some wires say more in headers. */
  decodeError(status: number, body: Json, headers?: HeaderReader): UpstreamFault;
}

/** What a wire needs to have chat done by providers. */
export interface ChatProviderSide extends ErrorCodec {
  name: DialectName;
  /** How its streams are cut into frames. */
  framing: Framing;
  encodeRequest(request: ChatRequest, target: TargetContext): EncodedRequest;
  /** The call that has to follow a whole answer, also of one that asked for a stream; null: that is the answer. Survives any JSON. */
  followUp?(body: Json, stream: boolean): ChatFollowUp | null;
  /** Throws `provider_protocol_error` when the body is not an answer of this dialect. `flags`: of the wire that it came over. */
  decodeResponse(body: Json, flags?: ProviderFlags): ChatResponse;
  /** What `decodeResponse` says of the answer, and throws, without reading its content: enough where it goes on as it came. */
  summarizeResponse?(body: Json, flags?: ProviderFlags): ChatSummary;
  createStreamDecoder(flags?: ProviderFlags): StreamDecoder;
  countTokens?: CountTokensCodec;
}

/** What is settled and recorded of an answer. */
export type ChatSummary = Pick<ChatResponse, "id" | "usage" | "serviceTier">;

/** A further call that has to be made before a chat is answered: for the stream of an answer, or to look whether it is ready. */
export interface ChatFollowUp {
  /** Below the base URL, or a whole address at a host that the manifest names. */
  path: string;
  /** Extra headers, lower-case names. */
  headers: Record<string, string>;
  /** To wait before it, milliseconds. */
  afterMs: number;
}

/** Both sides of one wire format for chat. decode = wire → canonical, encode = canonical → wire. */
export interface Dialect extends ChatProviderSide {
  name: ChatDialect;
  /** Its `providerOptions` hold those of many providers: a gateway's are only one entry. */
  hasProviderOptions?: boolean;
  /** How its streams are cut into frames, towards clients and from its own vendor. */
  framing: Framing;
  /** Makers whose opaque values stand in its own fields as they are, where that is not the dialect alone. */
  makers?: readonly DialectName[];
  /** True of a model that refuses thoughts in a conversation without their maker's signature. */
  refusesUnsignedThoughts?(model: string): boolean;
  /** True of an item that a client can have from this gateway alone: an upstream of the dialect would look for it in vain. */
  isMadeUp?(item: Item): boolean;
  /** True of a model that refuses calls of tools whose id is not safe (`isSafeCallId`), as other makers' may be. */
  refusesUnsafeCallIds?(model: string): boolean;
  /** Throws `GatewayError("invalid_request")` with `param` for what no provider could accept; unknown fields go to `extensions`. */
  decodeRequest(wire: WireRequest): ChatRequest;
  encodeResponse(response: ChatResponse, reply: ReplyContext): JsonObject;
  createStreamEncoder(reply: ReplyContext): StreamEncoder;
  /** For dialects whose streams may also come as one JSON array (Gemini without `alt=sse`). */
  createArrayEncoder?(reply: ReplyContext): StreamEncoder;
  /** Content type of an encoded stream. */
  streamContentType: string;
  /** True of a client (by its `user-agent`) that reads calls of tools in streams only where they come in one piece. */
  wantsWholeCalls?(userAgent: string): boolean;
  /** Its answers hold text alone: no images, no sound. */
  answersInText?: boolean;
  /** A client of the vendor's takes a comment among its server-sent events for the beginning of a broken one. */
  refusesComments?: boolean;

  /** Path of a relayed request, below the base URL. */
  relayPath(model: string, stream: boolean): string;
  /** Headers that say what the body of a relayed request does not. */
  relayHeaders?(model: string, request: ChatRequest): Record<string, string>;
  /** True when the body names the model (false: the path does). */
  modelInBody: boolean;
  /** Operations beside chat. */
  tasks?: Tasks;
  streamUsage?: StreamUsageOptIn;
}
