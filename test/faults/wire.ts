import type { SpokenDialect as ChatDialect } from "../e2e/spoken.ts";
import { messageView } from "../mock-upstream/event-stream-view.ts";
import { completionsWith } from "./wire-completions.ts";
import { ollama } from "./wire-ollama.ts";

/** What a client read of an answer: its text, and how it ended. */
export interface Reading {
  text: string;
  /** Code and message of the dialect's own error event. */
  error: { code: string; message: string } | null;
  /** The answer said why it ended. */
  isWhole: boolean;
  /** It ended with the dialect's terminal mark, where there is one. */
  hasMark: boolean;
}

export interface AskOptions {
  stream: boolean;
  maxTokens?: number;
  /** OpenAI chat: the client asks for usage itself. */
  usage?: boolean;
  /** Gemini: a JSON array in place of server-sent events. */
  array?: boolean;
  more?: Record<string, unknown>;
}

/** A client's request. */
export interface Ask {
  path: string;
  body: Record<string, unknown>;
}

/** One wire format as a client and as a provider speak it, by hand. */
export interface Wire {
  ask: (model: string, options: AskOptions) => Ask;
  /** A whole answer; `usage` in place of the usual one (undefined: none). */
  whole: (text: string, usage?: unknown) => unknown;
  usage: unknown;
  /** The events of a streamed answer, a text event per piece. */
  events: (pieces: readonly string[], usage?: unknown) => string[];
  /** Whether an event carries text. */
  isContent: (event: string) => boolean;
  readWhole: (body: unknown) => string;
  readStream: (text: string) => Reading;
  /** Code and message of an error body. */
  readError: (body: unknown) => { code: string; message: string };
  errorBody: (status: number, message: string) => unknown;
  errorEvent: (message: string) => string;
}

type Loose = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any -- bodies are looked into by hand

const sse = (event: string, data: unknown): string =>
  `${event === "" ? "" : `event: ${event}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;

interface ReadEvent {
  event: string;
  data: string;
  json: Loose;
}

function readEvents(text: string): ReadEvent[] {
  const events: ReadEvent[] = [];
  for (const block of text.replaceAll("\r\n", "\n").split("\n\n")) {
    const lines = block.split("\n");
    const event = lines.find((line) => line.startsWith("event: "))?.slice(7) ?? "";
    const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6));
    if (data.length > 0) events.push({ event, data: data.join("\n"), json: parsed(data.join("\n")) });
  }
  return events;
}

function parsed(text: string): Loose {
  try {
    return (JSON.parse(text) as Loose) ?? {};
  } catch {
    return {};
  }
}

const chatUsage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 };

function chatChunk(choices: unknown[], more: Loose = {}): string {
  return sse("", {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1_760_000_000,
    model: "m-real",
    choices,
    ...more,
  });
}

const chat: Wire = {
  usage: chatUsage,
  ask: (model, { stream, maxTokens, usage, more }) => ({
    path: "/v1/chat/completions",
    body: {
      model,
      messages: [{ role: "user", content: "Say hello." }],
      stream,
      ...(maxTokens !== undefined && { max_tokens: maxTokens }),
      ...(stream && usage === true && { stream_options: { include_usage: true } }),
      ...more,
    },
  }),
  whole: (text, usage) => ({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_760_000_000,
    model: "m-real",
    choices: [
      { index: 0, message: { role: "assistant", content: text, refusal: null }, logprobs: null, finish_reason: "stop" },
    ],
    ...(usage !== undefined && { usage }),
  }),
  events: (pieces, usage) => [
    chatChunk([{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }]),
    ...pieces.map((content) => chatChunk([{ index: 0, delta: { content }, finish_reason: null }])),
    chatChunk([{ index: 0, delta: {}, finish_reason: "stop" }]),
    ...(usage === undefined ? [] : [chatChunk([], { usage })]),
    "data: [DONE]\n\n",
  ],
  isContent: (event) => /"content":"[^"]/.test(event),
  readWhole: (body) => (body as Loose)["choices"]?.[0]?.message?.content ?? "",
  readStream(text) {
    const reading: Reading = { text: "", error: null, isWhole: false, hasMark: false };
    for (const { data, json } of readEvents(text)) {
      if (data === "[DONE]") {
        reading.hasMark = true;
        break;
      }
      reading.text += json["choices"]?.[0]?.delta?.content ?? "";
      if (json["error"] !== undefined)
        reading.error = { code: String(json["error"].code), message: json["error"].message };
      if (json["choices"]?.[0]?.finish_reason != null) reading.isWhole = true;
    }
    return reading;
  },
  readError: (body) => ({ code: String((body as Loose)["error"]?.code), message: (body as Loose)["error"]?.message }),
  errorBody: (status, message) => ({
    error: { message, type: status >= 500 ? "server_error" : "invalid_request_error", param: null, code: null },
  }),
  errorEvent: (message) => sse("", { error: { message, type: "server_error", param: null, code: null } }),
};

const responsesUsage = {
  input_tokens: 12,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 19,
};

function responsesObject(status: string, output: unknown[], usage: unknown): Loose {
  return {
    id: "resp_1",
    object: "response",
    created_at: 1_760_000_000,
    status,
    error: null,
    incomplete_details: null,
    instructions: null,
    model: "m-real",
    output,
    parallel_tool_calls: true,
    tool_choice: "auto",
    tools: [],
    metadata: {},
    ...(usage !== undefined && { usage }),
  };
}

function responsesMessage(text: string, status = "completed"): Loose {
  const content = status === "completed" ? [{ type: "output_text", text, annotations: [] }] : [];
  return { id: "msg_1", type: "message", status, role: "assistant", content };
}

function responsesEvents(pieces: readonly string[], usage?: unknown): string[] {
  const at = { item_id: "msg_1", output_index: 0, content_index: 0 };
  const text = pieces.join("");
  const part = { type: "output_text", text, annotations: [] };
  const events: [string, Loose][] = [
    ["response.created", { response: responsesObject("in_progress", [], null) }],
    ["response.in_progress", { response: responsesObject("in_progress", [], null) }],
    ["response.output_item.added", { output_index: 0, item: responsesMessage("", "in_progress") }],
    ["response.content_part.added", { ...at, part: { type: "output_text", text: "", annotations: [] } }],
    ...pieces.map((delta): [string, Loose] => ["response.output_text.delta", { ...at, delta, logprobs: [] }]),
    ["response.output_text.done", { ...at, text, logprobs: [] }],
    ["response.content_part.done", { ...at, part }],
    ["response.output_item.done", { output_index: 0, item: responsesMessage(text) }],
    ["response.completed", { response: responsesObject("completed", [responsesMessage(text)], usage) }],
  ];
  return events.map(([type, fields], sequence_number) => sse(type, { type, sequence_number, ...fields }));
}

const responses: Wire = {
  usage: responsesUsage,
  ask: (model, { stream, maxTokens, more }) => ({
    path: "/v1/responses",
    body: {
      model,
      input: "Say hello.",
      stream,
      ...(maxTokens !== undefined && { max_output_tokens: maxTokens }),
      ...more,
    },
  }),
  whole: (text, usage) => responsesObject("completed", [responsesMessage(text)], usage),
  events: responsesEvents,
  isContent: (event) => event.includes("response.output_text.delta"),
  readWhole: (body) => (body as Loose)["output"]?.[0]?.content?.[0]?.text ?? "",
  readStream(text) {
    const reading: Reading = { text: "", error: null, isWhole: false, hasMark: false };
    for (const { json } of readEvents(text)) {
      if (json["type"] === "response.output_text.delta") reading.text += json["delta"];
      if (json["type"] === "response.completed") reading.isWhole = reading.hasMark = true;
      if (reading.hasMark) break;
      if (json["type"] === "error")
        reading.error = { code: String(json["code"]), message: json["message"] ?? json["error"]?.message };
    }
    return reading;
  },
  readError: chat.readError,
  errorBody: chat.errorBody,
  errorEvent: (message) =>
    sse("error", { type: "error", sequence_number: 9, code: "server_error", message, param: null }),
};

const anthropicUsage = {
  input_tokens: 12,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 7,
};

function anthropicMessage(content: unknown[], stop: string | null, usage: unknown): Loose {
  return {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "m-real",
    content,
    stop_reason: stop,
    stop_sequence: null,
    ...(usage !== undefined && { usage }),
  };
}

const anthropic: Wire = {
  usage: anthropicUsage,
  ask: (model, { stream, maxTokens = 64, more }) => ({
    path: "/v1/messages",
    body: { model, max_tokens: maxTokens, messages: [{ role: "user", content: "Say hello." }], stream, ...more },
  }),
  whole: (text, usage) => anthropicMessage([{ type: "text", text }], "end_turn", usage),
  events(pieces, usage) {
    const events: Loose[] = [
      { type: "message_start", message: anthropicMessage([], null, usage) },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "ping" },
      ...pieces.map((text) => ({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })),
      { type: "content_block_stop", index: 0 },
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn", stop_sequence: null },
        ...(usage !== undefined && { usage }),
      },
      { type: "message_stop" },
    ];
    return events.map((event) => sse(event["type"], event));
  },
  isContent: (event) => event.includes("text_delta"),
  readWhole: (body) => (body as Loose)["content"]?.[0]?.text ?? "",
  readStream(text) {
    const reading: Reading = { text: "", error: null, isWhole: false, hasMark: false };
    for (const { json } of readEvents(text)) {
      if (json["type"] === "content_block_delta") reading.text += json["delta"].text ?? "";
      if (json["delta"]?.stop_reason != null) reading.isWhole = true;
      if (json["type"] === "message_stop") reading.hasMark = true;
      if (reading.hasMark) break;
      if (json["type"] === "error")
        reading.error = { code: String(json["error"].code ?? json["error"].type), message: json["error"].message };
    }
    return reading;
  },
  readError: (body) => {
    const error = (body as Loose)["type"] === "error" ? (body as Loose)["error"] : undefined;
    return { code: String(error?.code), message: error?.message };
  },
  errorBody: (status, message) => ({
    type: "error",
    error: { type: status >= 500 ? "api_error" : "invalid_request_error", message },
  }),
  errorEvent: (message) => sse("error", { type: "error", error: { type: "api_error", message } }),
};

const cohereUsage = {
  billed_units: { input_tokens: 12, output_tokens: 7 },
  tokens: { input_tokens: 512, output_tokens: 9 },
};

const cohereEvent = (type: string, more: Loose): string => sse(type, { type, ...more });

const cohereContent = (type: string, content: Loose): string =>
  cohereEvent(type, { index: 0, delta: { message: { content } } });

const cohere: Wire = {
  usage: cohereUsage,
  ask: (model, { stream, maxTokens, more }) => ({
    path: "/v2/chat",
    body: {
      model,
      messages: [{ role: "user", content: "Say hello." }],
      stream,
      ...(maxTokens !== undefined && { max_tokens: maxTokens }),
      ...more,
    },
  }),
  whole: (text, usage) => ({
    id: "c1",
    message: { role: "assistant", content: [{ type: "text", text }] },
    finish_reason: "COMPLETE",
    ...(usage !== undefined && { usage }),
  }),
  events: (pieces, usage) => [
    cohereEvent("message-start", { id: "c1", delta: { message: { role: "assistant", content: [] } } }),
    cohereContent("content-start", { type: "text", text: "" }),
    ...pieces.map((text) => cohereContent("content-delta", { text })),
    cohereEvent("content-end", { index: 0 }),
    cohereEvent("message-end", { delta: { finish_reason: "COMPLETE", ...(usage !== undefined && { usage }) } }),
  ],
  isContent: (event) => event.startsWith("event: content-delta"),
  readWhole: (body) => (body as Loose)["message"]?.content?.[0]?.text ?? "",
  readStream(text) {
    const reading: Reading = { text: "", error: null, isWhole: false, hasMark: false };
    for (const { json } of readEvents(text)) {
      if (json["type"] === "content-delta") reading.text += json["delta"].message.content.text ?? "";
      if (json["type"] !== "message-end") continue;
      const { error, code, finish_reason: reason } = json["delta"];
      if (error === undefined) reading.isWhole = reading.hasMark = reason === "COMPLETE";
      else reading.error = { code: String(code), message: error };
      break;
    }
    return reading;
  },
  readError: (body) => ({ code: String((body as Loose)["code"]), message: (body as Loose)["message"] }),
  errorBody: (_status, message) => ({ id: "e1", message }),
  errorEvent: (message) => cohereEvent("message-end", { delta: { error: message, finish_reason: "ERROR" } }),
};

const geminiUsage = { promptTokenCount: 12, candidatesTokenCount: 7, totalTokenCount: 19 };

function geminiChunk(text: string, finishReason: string | undefined, usageMetadata: unknown): Loose {
  return {
    candidates: [
      { content: { parts: [{ text }], role: "model" }, ...(finishReason !== undefined && { finishReason }), index: 0 },
    ],
    ...(usageMetadata !== undefined && { usageMetadata }),
    modelVersion: "m-real",
    responseId: "r1",
  };
}

const gemini: Wire = {
  usage: geminiUsage,
  ask: (model, { stream, maxTokens, array, more }) => ({
    path: `/v1beta/models/${model}:${stream ? "streamGenerateContent" : "generateContent"}${stream && array !== true ? "?alt=sse" : ""}`,
    body: {
      contents: [{ role: "user", parts: [{ text: "Say hello." }] }],
      ...(maxTokens !== undefined && { generationConfig: { maxOutputTokens: maxTokens } }),
      ...more,
    },
  }),
  whole: (text, usage) => geminiChunk(text, "STOP", usage),
  events: (pieces, usage) =>
    pieces.map((text, at) => {
      const isLast = at === pieces.length - 1;
      return sse("", geminiChunk(text, isLast ? "STOP" : undefined, isLast ? usage : undefined));
    }),
  isContent: () => true,
  readWhole: (body) => (body as Loose)["candidates"]?.[0]?.content?.parts?.[0]?.text ?? "",
  readStream(text) {
    const reading: Reading = { text: "", error: null, isWhole: false, hasMark: false };
    const chunks = text.startsWith("[") ? arrayOf(text) : readEvents(text).map(({ json }) => json);
    for (const json of chunks) {
      const candidate = json["candidates"]?.[0];
      for (const part of candidate?.content?.parts ?? []) reading.text += part.text ?? "";
      if (candidate?.finishReason !== undefined) reading.isWhole = reading.hasMark = true;
      if (json["error"] !== undefined) reading.error = geminiError(json);
    }
    return reading;
  },
  readError: (body) => geminiError((Array.isArray(body) ? body[0] : body) as Loose),
  errorBody: (status, message) => ({
    error: { code: status, message, status: status >= 500 ? "INTERNAL" : "INVALID_ARGUMENT" },
  }),
  errorEvent: (message) => sse("", { error: { code: 500, message, status: "INTERNAL" } }),
};

/** The body of a stream as a JSON array; one that is no valid JSON reads as nothing. */
function arrayOf(text: string): Loose[] {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? (value as Loose[]) : [];
}

function geminiError(json: Loose): { code: string; message: string } {
  const reason = json["error"]?.details?.find((detail: Loose) => detail["reason"] !== undefined)?.reason;
  return { code: String(reason ?? json["error"]?.status), message: json["error"]?.message };
}

const converseUsage = { inputTokens: 12, outputTokens: 7, totalTokens: 19 };
const latency = { metrics: { latencyMs: 551 } };

function converseError(json: Loose): { code: string; message: string } {
  return { code: String(json["error"]?.code ?? json["__type"]), message: json["message"] };
}

const converse: Wire = {
  usage: converseUsage,
  ask: (model, { stream, maxTokens, more }) => ({
    path: `/bedrock/model/${encodeURIComponent(model)}/converse${stream ? "-stream" : ""}`,
    body: {
      messages: [{ role: "user", content: [{ text: "Say hello." }] }],
      ...(maxTokens !== undefined && { inferenceConfig: { maxTokens } }),
      ...more,
    },
  }),
  whole: (text, usage) => ({
    output: { message: { role: "assistant", content: [{ text }] } },
    stopReason: "end_turn",
    ...(usage !== undefined && { usage }),
    ...latency,
  }),
  events: (pieces, usage) => [
    messageView("messageStart", { role: "assistant" }),
    ...pieces.map((text) => messageView("contentBlockDelta", { contentBlockIndex: 0, delta: { text } })),
    messageView("contentBlockStop", { contentBlockIndex: 0 }),
    messageView("messageStop", { stopReason: "end_turn" }),
    messageView("metadata", { ...(usage !== undefined && { usage }), ...latency }),
  ],
  isContent: (event) => event.includes("contentBlockDelta"),
  readWhole: (body) => (body as Loose)["output"]?.message?.content?.[0]?.text ?? "",
  readStream(text) {
    const reading: Reading = { text: "", error: null, isWhole: false, hasMark: false };
    for (const { event, json } of readEvents(text)) {
      if (event === "contentBlockDelta") reading.text += json["delta"].text ?? "";
      if (event === "messageStop") reading.isWhole = true;
      if (event.endsWith("Exception")) reading.error = converseError(json);
      if (event === "metadata") reading.hasMark = true;
      if (reading.hasMark) break;
    }
    return reading;
  },
  readError: (body) => converseError(body as Loose),
  errorBody: (status, message) => ({
    __type: status >= 500 ? "InternalServerException" : "ValidationException",
    message,
  }),
  errorEvent: (message) => messageView("internalServerException", { message }),
};

export const WIRES: Readonly<Record<ChatDialect, Wire>> = {
  "openai-chat": chat,
  "openai-completions": completionsWith(chat),
  "openai-responses": responses,
  ollama,
  "anthropic-messages": anthropic,
  "bedrock-converse": converse,
  cohere,
  gemini,
};

/** Who speaks to whom: each provider dialect with a client of its own kind, and with a foreign one. */
export interface Pair {
  name: string;
  client: ChatDialect;
  provider: ChatDialect;
  ask: Partial<AskOptions>;
}

export const PAIRS: readonly Pair[] = [
  { name: "openai-chat relay", client: "openai-chat", provider: "openai-chat", ask: { usage: true } },
  { name: "openai-chat relay without usage", client: "openai-chat", provider: "openai-chat", ask: {} },
  { name: "openai-responses relay", client: "openai-responses", provider: "openai-responses", ask: {} },
  { name: "anthropic-messages relay", client: "anthropic-messages", provider: "anthropic-messages", ask: {} },
  { name: "cohere relay", client: "cohere", provider: "cohere", ask: {} },
  { name: "gemini relay", client: "gemini", provider: "gemini", ask: {} },
  { name: "gemini array of gemini", client: "gemini", provider: "gemini", ask: { array: true } },
  { name: "anthropic-messages of openai-chat", client: "anthropic-messages", provider: "openai-chat", ask: {} },
  { name: "openai-chat of cohere", client: "openai-chat", provider: "cohere", ask: {} },
  { name: "cohere of gemini", client: "cohere", provider: "gemini", ask: {} },
  { name: "openai-chat of openai-responses", client: "openai-chat", provider: "openai-responses", ask: {} },
  { name: "gemini of anthropic-messages", client: "gemini", provider: "anthropic-messages", ask: {} },
  { name: "bedrock-converse relay", client: "bedrock-converse", provider: "bedrock-converse", ask: {} },
  { name: "bedrock-converse of openai-chat", client: "bedrock-converse", provider: "openai-chat", ask: {} },
  {
    name: "anthropic-messages of bedrock-converse",
    client: "anthropic-messages",
    provider: "bedrock-converse",
    ask: {},
  },
  { name: "ollama relay", client: "ollama", provider: "ollama", ask: {} },
  { name: "ollama of openai-chat", client: "ollama", provider: "openai-chat", ask: {} },
  { name: "anthropic-messages of ollama", client: "anthropic-messages", provider: "ollama", ask: {} },
  { name: "openai-completions relay", client: "openai-completions", provider: "openai-completions", ask: {} },
  { name: "openai-completions of ollama", client: "openai-completions", provider: "ollama", ask: {} },
  { name: "openai-chat of openai-completions", client: "openai-chat", provider: "openai-completions", ask: {} },
  { name: "openai-responses of gemini", client: "openai-responses", provider: "gemini", ask: {} },
];
