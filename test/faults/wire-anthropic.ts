import type { Reading, Wire } from "./wire.ts";
import { readEvents, sse, type Loose } from "./wire-reading.ts";

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

export const anthropic: Wire = {
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
