import type { Reading, Wire } from "./wire.ts";
import { parsed, type Loose } from "./wire-reading.ts";

const HEAD = { id: "cmpl-1", object: "text_completion", created: 1_760_000_000, model: "m-real" };
const choice = (text: string, finish_reason: string | null): Loose => ({
  text,
  index: 0,
  logprobs: null,
  finish_reason,
});
const chunk = (choices: unknown[], more: Loose = {}): string =>
  `data: ${JSON.stringify({ ...HEAD, choices, ...more })}\n\n`;

/** OpenAI's legacy completions, with what they share with its chat. */
export function completionsWith({ readError, errorBody, errorEvent, usage }: Wire): Wire {
  return {
    usage,
    readError,
    errorBody,
    errorEvent,
    ask: (model, { stream, maxTokens, usage: wantsUsage, more }) => ({
      path: "/v1/completions",
      body: {
        model,
        prompt: "Say hello.",
        stream,
        ...(maxTokens !== undefined && { max_tokens: maxTokens }),
        ...(stream && wantsUsage === true && { stream_options: { include_usage: true } }),
        ...more,
      },
    }),
    whole: (text, counts) => ({
      ...HEAD,
      choices: [choice(text, "stop")],
      ...(counts !== undefined && { usage: counts }),
    }),
    events: (pieces, counts) => [
      ...pieces.map((text) => chunk([choice(text, null)])),
      chunk([choice("", "stop")]),
      ...(counts === undefined ? [] : [chunk([], { usage: counts })]),
      "data: [DONE]\n\n",
    ],
    isContent: (event) => /"text":"[^"]/.test(event),
    readWhole: (body) => (body as Loose)["choices"]?.[0]?.text ?? "",
    readStream(text) {
      const reading: Reading = { text: "", error: null, isWhole: false, hasMark: false };
      for (const block of text.split("\n\n").filter((each) => each.startsWith("data: "))) {
        if (block === "data: [DONE]") reading.hasMark = true;
        if (reading.hasMark) break;
        const json = parsed(block.slice(6));
        reading.text += json["choices"]?.[0]?.text ?? "";
        if (json["error"] !== undefined)
          reading.error = { code: String(json["error"].code), message: json["error"].message };
        if (json["choices"]?.[0]?.finish_reason != null) reading.isWhole = true;
      }
      return reading;
    },
  };
}
