import type { Loose } from "./loose.ts";
import { emptyReading, withCalls, type Ending, type Reading, type Tokens } from "./reading.ts";

const ENDINGS: Record<string, Ending> = { stop: "stop", length: "length", content_filter: "filter" };

/** Reads a whole answer of `/api/chat`. */
export function readOllama(body: Loose): Reading {
  return readLines([body]);
}

/** Reads the lines of a streamed answer. */
export function readOllamaStream(text: string): Reading {
  const lines = text.split("\n").filter((line) => line !== "");
  return readLines(lines.map((line) => JSON.parse(line)));
}

function readLines(lines: Loose[]): Reading {
  const reading = emptyReading();
  for (const { message, done, ...rest } of lines) {
    reading.text += message?.content ?? "";
    reading.reasoning += message?.thinking ?? "";
    for (const { function: call } of message?.tool_calls ?? [])
      reading.calls.push({ name: call.name, arguments: call.arguments });
    if (done === true) reading.ending = ENDINGS[rest.done_reason ?? "stop"] ?? "other";
    reading.tokens = readTokens(rest) ?? reading.tokens;
  }
  return withCalls(reading);
}

function readTokens({ prompt_eval_count: input, eval_count: output }: Loose): Tokens | null {
  if (input === undefined && output === undefined) return null;
  return { input: input ?? 0, cached: 0, cacheWrite: 0, output: output ?? 0, reasoning: 0 };
}
