import type { Reading, Wire } from "./wire.ts";
import { readEvents, sse, type Loose } from "./wire-reading.ts";

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

export const chat: Wire = {
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

export const responses: Wire = {
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
