import { eventsOf } from "./events.ts";
import type { Loose } from "./loose.ts";
import { emptyReading, type Ending, type Reading } from "./reading.ts";

const ENDINGS: Record<string, Ending> = { stop: "stop", length: "length", content_filter: "filter" };

/** Reads a completion. */
export function readCompletions(body: Loose): Reading {
  return readChunks([body]);
}

/** Reads the events of a streamed completion. */
export function readCompletionsStream(text: string): Reading {
  const data = eventsOf(text).map((event) => event.data);
  const end = data.indexOf("[DONE]");
  return readChunks(data.slice(0, end < 0 ? data.length : end).map((each) => JSON.parse(each)));
}

function readChunks(chunks: Loose[]): Reading {
  const reading = emptyReading();
  for (const { choices, usage } of chunks) {
    const choice = (choices ?? []).find((each: Loose) => each.index === 0);
    reading.text += choice?.text ?? "";
    if (choice?.finish_reason) reading.ending = ENDINGS[choice.finish_reason] ?? "other";
    if (!usage) continue;
    reading.tokens = {
      input: usage.prompt_tokens,
      cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
      cacheWrite: usage.prompt_tokens_details?.cache_write_tokens ?? 0,
      output: usage.completion_tokens,
      reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
    };
  }
  return reading;
}
