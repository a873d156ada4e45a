import { eventsOf } from "./events.ts";
import type { Loose } from "./loose.ts";
import { emptyReading, readArguments, withCalls, type Ending, type Reading, type Tokens } from "./reading.ts";

const ENDINGS: Record<string, Ending> = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool_calls",
  "content-filter": "filter",
};

/** Reads a whole answer. */
export function readAiGateway(body: Loose): Reading {
  const reading = emptyReading();
  for (const part of body.content) readPart(reading, part.type, part.text, part);
  return finished(reading, body);
}

/** Reads the parts of a stream. */
export function readAiGatewayStream(text: string): Reading {
  const reading = emptyReading();
  let last: Loose = {};
  for (const { data } of eventsOf(text)) {
    if (data === "[DONE]") break;
    const part: Loose = JSON.parse(data);
    readPart(reading, part.type.replace(/-delta$/, ""), part.delta, part);
    if (part.type === "finish") last = part;
  }
  return finished(reading, last);
}

function readPart(reading: Reading, kind: string, words: string | undefined, part: Loose): void {
  if (kind === "text") reading.text += words ?? "";
  if (kind === "reasoning") reading.reasoning += words ?? "";
  if (kind === "tool-call" && part.providerExecuted !== true) {
    reading.calls.push({ name: part.toolName, arguments: readArguments(part.input) });
  }
}

function finished(reading: Reading, { finishReason, usage }: Loose): Reading {
  if (finishReason !== undefined) reading.ending = ENDINGS[finishReason.unified] ?? "other";
  reading.tokens = readTokens(usage);
  return withCalls(reading);
}

function readTokens(usage: Loose): Tokens | null {
  if (usage?.inputTokens?.total === undefined) return null;
  const { inputTokens: input, outputTokens: output } = usage;
  return {
    input: input.total,
    cached: input.cacheRead,
    cacheWrite: input.cacheWrite,
    output: output.total,
    reasoning: output.reasoning,
  };
}
