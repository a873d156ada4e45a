import type { Reading, Wire } from "./wire.ts";
import { readEvents, sse, type Loose } from "./wire-reading.ts";

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

export const gemini: Wire = {
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
