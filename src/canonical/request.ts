import type { CacheMarker, Extensions, Part } from "./content.ts";
import type { Json, JsonObject } from "./json.ts";
import type { DialectName } from "./names.ts";
import type { Opaque } from "./opaque.ts";
import type { CallRequest } from "./task.ts";

/** A conversation step. The order of items is the order of the conversation. */
export type Item = MessageItem | ReasoningItem | ToolCallItem | ToolResultItem | OpaqueItem;

export interface MessageItem {
  type: "message";
  /** `system` and `developer` items may stand anywhere; dialects with one system field gather them. */
  role: "system" | "developer" | "user" | "assistant";
  content: Part[];
  /** The maker's id (`msg_…`). */
  id?: string;
  /** Name of the speaker (OpenAI `name`). */
  name?: string;
  /** OpenAI Responses `phase` and the like stay here. */
  extensions?: Extensions;
}

export interface ReasoningItem {
  type: "reasoning";
  id?: string;
  /** Summary parts as the provider gave them, one string a part. */
  summary: string[];
  /** Full reasoning text where the provider shows it. */
  text: string;
  opaque?: Opaque;
  extensions?: Extensions;
}

export interface ToolCallItem {
  type: "tool_call";
  /** The call's id, referred to by its result. Decoders make one up where the wire has none. */
  callId: string;
  /** The item's own id where a dialect has both (`fc_…`). */
  id?: string;
  name: string;
  /** `function`: `arguments` is JSON text; `custom`: free text. */
  kind: "function" | "custom";
  /** As the model wrote it, never re-serialised. Empty means no arguments. */
  arguments: string;
  opaque?: Opaque;
  cache?: CacheMarker;
  extensions?: Extensions;
}

export interface ToolResultItem {
  type: "tool_result";
  callId: string;
  /** Name of the tool, where the wire gives it (Gemini needs it: encoders look it up by callId otherwise). */
  name?: string;
  kind: "function" | "custom";
  content: Part[];
  isError?: boolean;
  cache?: CacheMarker;
  extensions?: Extensions;
}

/** An item that only one dialect knows, such as a provider-run tool's call and result. */
export interface OpaqueItem {
  type: "opaque";
  dialect: DialectName;
  role: "user" | "assistant";
  value: JsonObject;
}

export type Tool = FunctionTool | CustomTool | WebSearchTool | OpaqueTool;

export interface FunctionTool {
  type: "function";
  name: string;
  description?: string;
  /** JSON Schema of the arguments; absent means none. */
  parameters?: JsonObject;
  strict?: boolean;
  cache?: CacheMarker;
  extensions?: Extensions;
}

/** A tool that takes free text (OpenAI `custom`). */
export interface CustomTool {
  type: "custom";
  name: string;
  description?: string;
  /** OpenAI grammar or text format. */
  format?: JsonObject;
  extensions?: Extensions;
}

/** The one provider-run tool that all four dialects have. */
export interface WebSearchTool {
  type: "web_search";
  /** The dialect that `raw` belongs to. */
  dialect: DialectName;
  raw: JsonObject;
}

/** A provider-run or otherwise special tool of one dialect. */
export interface OpaqueTool {
  type: "opaque";
  dialect: DialectName;
  value: JsonObject;
}

export type ToolChoice =
  | { type: "auto" }
  | { type: "none" }
  /** At least one call. */
  | { type: "required" }
  | { type: "tool"; name: string; kind?: "function" | "custom" }
  /** Only these tools; `mode` as auto or required. */
  | { type: "allowed"; names: string[]; mode: "auto" | "required" }
  | { type: "opaque"; dialect: DialectName; value: Json };

export type ResponseFormat =
  | { type: "text" }
  | { type: "json_object" }
  | { type: "json_schema"; name?: string; description?: string; schema: JsonObject; strict?: boolean };

/** How much a model is to reason. */
export type Effort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

export interface ReasoningOptions {
  /** As OpenAI names them; `none` switches reasoning off. */
  effort?: Effort;
  /** Tokens; 0 switches reasoning off, -1 leaves the amount to the model. */
  budgetTokens?: number;
  /** Anthropic `adaptive`: the model decides whether and how much. */
  adaptive?: boolean;
  /** Whether readable thoughts are wanted, and how. */
  summary?: "auto" | "concise" | "detailed" | "none";
}

/** One chat-like call (chat completions, responses, messages, generateContent) in the neutral form. */
export interface ChatRequest extends CallRequest {
  items: Item[];
  tools: Tool[];
  toolChoice?: ToolChoice;
  parallelToolCalls?: boolean;
  responseFormat?: ResponseFormat;
  reasoning?: ReasoningOptions;
  maxOutputTokens?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  seed?: number;
  stop?: string[];
  presencePenalty?: number;
  frequencyPenalty?: number;
  /** Number of candidates; absent means 1. */
  n?: number;
  /** Whether token log probabilities are wanted, and how many alternatives a token. */
  logprobs?: boolean;
  topLogprobs?: number;
  logitBias?: JsonObject;
  verbosity?: "low" | "medium" | "high";
  serviceTier?: string;
  promptCacheKey?: string;
  /** Whole-request cache marker (Anthropic top-level `cache_control`). */
  cache?: CacheMarker;
  /** The caller's end user, for abuse monitoring (`user`, `safety_identifier`, `metadata.user_id`). */
  endUser?: string;
  metadata?: JsonObject;
  store?: boolean;
  previousResponseId?: string;
  /** Output kinds wanted beside text, such as `audio`, `image`. */
  modalities?: string[];
  /** Text that follows the place where the answer goes (fill in the middle). */
  suffix?: string;
  /** The client of a text completion reads the answer as a chat's: Mistral's fill-in-the-middle. */
  answersAsMessage?: boolean;
  /** Answers that the provider makes and bills, where that is not `n`: several prompts, or the best of many. */
  generations?: number;
  /** Set when no other dialect can say the request: why a target of another one is refused. */
  relayOnly?: { param: string; message: string };
  /** What the client asked of its own stream (OpenAI `stream_options.include_usage`). */
  includeUsage?: boolean;
  /** Top-level fields without a name above, as sent. */
  extensions: Extensions;
}
