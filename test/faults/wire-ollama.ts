import type { Reading, Wire } from "./wire.ts";
import { parsed, type Loose } from "./wire-reading.ts";

const HEAD = { model: "m-real", created_at: "2025-10-09T08:53:20Z" };
const line = (body: Loose): string => `${JSON.stringify({ ...HEAD, ...body })}\n`;
const says = (content: string): Loose => ({ message: { role: "assistant", content } });
const END = { done: true, done_reason: "stop" };

/** Ollama's own API: a line of JSON each. */
export const ollama: Wire = {
  usage: { prompt_eval_count: 12, eval_count: 7 },
  ask: (model, { stream, maxTokens, more }) => ({
    path: "/ollama/api/chat",
    body: {
      model,
      messages: [{ role: "user", content: "Say hello." }],
      // The client's own default.
      ...(!stream && { stream }),
      ...(maxTokens !== undefined && { options: { num_predict: maxTokens } }),
      ...more,
    },
  }),
  whole: (text, usage) => ({ ...HEAD, ...says(text), ...END, ...(usage as Loose | undefined) }),
  events: (pieces, usage) => [
    ...pieces.map((piece) => line({ ...says(piece), done: false })),
    line({ ...says(""), ...END, ...(usage as Loose | undefined) }),
  ],
  isContent: (event) => event.includes('"done":false'),
  readWhole: (body) => (body as Loose)["message"]?.content ?? "",
  readStream(text) {
    const reading: Reading = { text: "", error: null, isWhole: false, hasMark: false };
    for (const json of text.split("\n").map(parsed)) {
      reading.text += json["message"]?.content ?? "";
      if (json["error"] !== undefined) reading.error = { code: String(json["code"]), message: json["error"] };
      if (json["done"] === true) reading.isWhole = reading.hasMark = true;
      if (reading.hasMark) break;
    }
    return reading;
  },
  readError: (body) => ({ code: String((body as Loose)["code"]), message: (body as Loose)["error"] }),
  errorBody: (_status, message) => ({ error: message }),
  errorEvent: (message) => `${JSON.stringify({ error: message })}\n`,
};
