import { messageView } from "../mock-upstream/event-stream-view.ts";
import type { Reading, Wire } from "./wire.ts";
import { readEvents, type Loose } from "./wire-reading.ts";

const converseUsage = { inputTokens: 12, outputTokens: 7, totalTokens: 19 };
const latency = { metrics: { latencyMs: 551 } };

function converseError(json: Loose): { code: string; message: string } {
  return { code: String(json["error"]?.code ?? json["__type"]), message: json["message"] };
}

export const converse: Wire = {
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
