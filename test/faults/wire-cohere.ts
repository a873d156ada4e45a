import type { Reading, Wire } from "./wire.ts";
import { readEvents, sse, type Loose } from "./wire-reading.ts";

const cohereUsage = {
  billed_units: { input_tokens: 12, output_tokens: 7 },
  tokens: { input_tokens: 512, output_tokens: 9 },
};

const cohereEvent = (type: string, more: Loose): string => sse(type, { type, ...more });

const cohereContent = (type: string, content: Loose): string =>
  cohereEvent(type, { index: 0, delta: { message: { content } } });

export const cohere: Wire = {
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
