import { eventsOf } from "./events.ts";
import type { Loose } from "./loose.ts";
import { emptyReading, withCalls, type Ending, type Reading, type Tokens } from "./reading.ts";

/** Words, or the numbers of proto JSON. */
const ENDINGS: Record<string, Ending> = {
  1: "stop",
  2: "length",
  STOP: "stop",
  MAX_TOKENS: "length",
  SAFETY: "filter",
  RECITATION: "filter",
  BLOCKLIST: "filter",
  PROHIBITED_CONTENT: "filter",
  SPII: "filter",
  IMAGE_SAFETY: "filter",
  MODEL_ARMOR: "filter",
};

/** Reads a generateContent answer. */
export function readGemini(body: Loose): Reading {
  return readChunks([body]);
}

/** Reads a streamGenerateContent answer, as server-sent events or as a JSON array. */
export function readGeminiStream(text: string): Reading {
  const isArray = text.trimStart().startsWith("[");
  return readChunks(isArray ? JSON.parse(text) : eventsOf(text).map(({ data }) => JSON.parse(data)));
}

function readChunks(chunks: Loose[]): Reading {
  const reading = emptyReading();
  for (const chunk of chunks) {
    const candidate = (chunk.candidates ?? []).find((each: Loose) => (each.index ?? 0) === 0);
    for (const part of candidate?.content?.parts ?? []) readPart(reading, part);
    const reason = candidate?.finishReason;
    if (reason) reading.ending = ENDINGS[reason] ?? "other";
    if (chunk.promptFeedback?.blockReason) reading.ending = "filter";
    reading.tokens = readTokens(chunk.usageMetadata) ?? reading.tokens;
  }
  return withCalls(reading);
}

function readPart(reading: Reading, part: Loose): void {
  if (part.functionCall) reading.calls.push({ name: part.functionCall.name, arguments: part.functionCall.args ?? {} });
  else if (part.thought) reading.reasoning += part.text ?? "";
  else reading.text += part.text ?? "";
}

function readTokens(usage: Loose): Tokens | null {
  if (!usage) return null;
  const reasoning = usage.thoughtsTokenCount ?? 0;
  return {
    input: (usage.promptTokenCount ?? 0) + (usage.toolUsePromptTokenCount ?? 0),
    cached: usage.cachedContentTokenCount ?? 0,
    cacheWrite: 0,
    output: (usage.candidatesTokenCount ?? 0) + reasoning,
    reasoning,
  };
}
