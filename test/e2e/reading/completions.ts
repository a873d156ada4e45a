import { readTokens } from "./chat.ts";
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
  for (const chunk of chunks) {
    const choice = (chunk.choices ?? []).find((each: Loose) => each.index === 0);
    reading.text += choice?.text ?? "";
    if (choice?.finish_reason) reading.ending = ENDINGS[choice.finish_reason] ?? "other";
    reading.tokens = readTokens(chunk) ?? reading.tokens;
  }
  return reading;
}
